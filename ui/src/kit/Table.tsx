import {
  type FC,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { Place } from "./Place";
import { rowAfter, rowsInSight, useVirtualRows } from "./rows";
import css from "./Table.module.css";

export type TableColumn<T, S extends string> = {
  id: string;
  label: string;
  /** A track of the grid: `72px`, `minmax(160px, 1fr)`. */
  width: string;
  /** What the rows are ordered by when the head is pressed. */
  sort?: S;
  end?: boolean;
  /** Shown only where the table is at least as wide as this, in px. */
  from?: number;
  cell: (item: T) => ReactNode;
};
type Props<T, S extends string> = {
  label: string;
  columns: readonly TableColumn<T, S>[];
  items: readonly T[];
  keyOf: (item: T) => string;
  sort: S;
  reversed: boolean;
  onSort: (sort: S) => void;
  activeKey: string | null;
  openKey: string | null;
  onActive: (key: string) => void;
  onOpen: (key: string) => void;
  /**
   * Rows that are ticked, where rows can be. Space and Ctrl with a click tick, Shift ticks a range,
   * Ctrl A ticks all that are at hand.
   */
  ticked: ReadonlySet<string>;
  onTick: (key: string) => void;
  onTickMany: (keys: string[]) => void;
  tickLabel: string;
  rowLook?: (item: T) => string | false | undefined;
  /** The end is near: more can be fetched. */
  onEnd?: () => void;
  tableRef?: (node: HTMLDivElement | null) => void;
  testId?: string;
};

const ROW_PX = 36;

/** A table of rows of one height, of which only those in sight exist. Arrows move, Enter opens, Space ticks. */
export const Table = <T, S extends string>(props: Props<T, S>): ReturnType<FC> => {
  "use no memo";
  const { items, keyOf, activeKey, testId } = props;
  const [wide, setWide] = useState(Number.POSITIVE_INFINITY);
  const columns = props.columns.filter(({ from = 0 }) => wide >= from);
  const scroller = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const virtual = useVirtualRows(items, scroller, sizer, {
    rowHeight: ROW_PX,
    keyOf,
    overscan: 8,
    initialWidth: 800,
  });
  const tracks = ["28px", ...columns.map(({ width }) => width)].join(" ");
  useLayoutEffect(() => scroller.current?.style.setProperty("--tracks", tracks), [tracks]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => setWide(node.clientWidth));
    setWide(node.clientWidth);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  const { onEnd } = props;
  useLayoutEffect(() => {
    if (items.length > 0 && last >= items.length - 20) onEnd?.();
  });
  const at = items.findIndex((item) => keyOf(item) === activeKey);
  /** Where a range of ticks begins. */
  const anchor = useRef<string | null>(null);
  const tickTo = (to: number) => {
    if (anchor.current === null) anchor.current = activeKey;
    const begin = items.findIndex((item) => keyOf(item) === anchor.current);
    const from = begin < 0 ? to : begin;
    const range = items.slice(Math.min(from, to), Math.max(from, to) + 1);
    props.onTickMany(range.map(keyOf));
  };
  const tick = (key: string) => {
    anchor.current = key;
    props.onTick(key);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const { altKey, shiftKey } = event;
    const held = event.ctrlKey || event.metaKey;
    if (held && !altKey && !shiftKey && event.key.toLowerCase() === "a") {
      event.preventDefault();
      props.onTickMany(items.map(keyOf));
      return;
    }
    const ranges = shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp");
    if (altKey || held || (shiftKey && !ranges)) return;
    const page = rowsInSight(scroller.current, ROW_PX);
    const index = rowAfter(event.key, at, items.length, page);
    if (index !== undefined) {
      event.preventDefault();
      const item = items[index];
      if (item === undefined) return;
      if (ranges) tickTo(index);
      props.onActive(keyOf(item));
      virtual.scrollToIndex(index);
    } else if (at >= 0 && activeKey !== null && event.key === "Enter") {
      event.preventDefault();
      props.onOpen(activeKey);
    } else if (at >= 0 && activeKey !== null && event.key === " ") {
      event.preventDefault();
      tick(activeKey);
    }
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot be virtual
    <div
      ref={(node) => {
        scroller.current = node;
        props.tableRef?.(node);
      }}
      className={cx(css.table, "scroll")}
      role="grid"
      aria-label={props.label}
      aria-rowcount={items.length + 1}
      aria-activedescendant={at >= 0 && activeKey ? `line-${activeKey}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div className={cx(css.line, css.heads)} role="row">
        <span />
        {columns.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
          <span
            key={column.id}
            role="columnheader"
            className={cx("one", column.end && css.end)}
            aria-sort={
              column.sort === undefined
                ? undefined
                : column.sort === props.sort
                  ? "ascending"
                  : "none"
            }
          >
            <Head
              column={column}
              sort={props.sort}
              reversed={props.reversed}
              onSort={props.onSort}
            />
          </span>
        ))}
      </div>
      <div ref={sizer} className={css.sizer} role="presentation">
        {shown.map((slot) => {
          const item = items[slot.index];
          if (item === undefined) return null;
          const key = keyOf(item);
          const ticked = props.ticked.has(key);
          return (
            <Place
              key={key}
              top={slot.start}
              id={`line-${key}`}
              role="row"
              aria-selected={key === props.openKey}
              aria-rowindex={slot.index + 2}
              className={cx(
                css.line,
                css.row,
                key === activeKey && css.active,
                key === props.openKey && css.open,
                ticked && css.ticked,
                props.rowLook?.(item),
              )}
              data-testid={testId && `${testId}-row`}
              data-id={key}
              onClick={(event: MouseEvent) => {
                if (event.shiftKey) tickTo(slot.index);
                else if (event.ctrlKey || event.metaKey) tick(key);
                else props.onOpen(key);
                props.onActive(key);
              }}
              // A range of ticks is no selection of words.
              onMouseDown={(event: MouseEvent) => event.shiftKey && event.preventDefault()}
            >
              <input
                type="checkbox"
                className={css.tick}
                aria-label={props.tickLabel}
                tabIndex={-1}
                checked={ticked}
                onClick={(event) => {
                  event.stopPropagation();
                  if (!event.shiftKey) return;
                  event.preventDefault();
                  tickTo(slot.index);
                }}
                onChange={() => {
                  tick(key);
                  // The keys go on from here, and are those of the table.
                  props.onActive(key);
                  scroller.current?.focus({ preventScroll: true });
                }}
              />
              {columns.map((column) => (
                // biome-ignore lint/a11y/useSemanticElements: see above
                // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
                <span key={column.id} role="gridcell" className={cx("one", column.end && css.end)}>
                  {column.cell(item)}
                </span>
              ))}
            </Place>
          );
        })}
      </div>
    </div>
  );
};

type HeadProps<T, S extends string> = {
  column: TableColumn<T, S>;
  sort: S;
  reversed: boolean;
  onSort: (sort: S) => void;
};

const Head = <T, S extends string>({
  column,
  sort,
  reversed,
  onSort,
}: HeadProps<T, S>): ReturnType<FC> => {
  const by = column.sort;
  if (by === undefined) return column.label;
  return (
    <button type="button" tabIndex={-1} className={css.sort} onClick={() => onSort(by)}>
      {column.label}
      {by === sort && <Icon name="down" size={12} className={reversed ? css.up : undefined} />}
    </button>
  );
};

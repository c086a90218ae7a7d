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
import { useVirtualRows } from "./rows";
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
/**
 * Rows that are ticked. Space and Ctrl with a click tick, Shift ticks a range, Ctrl A ticks all that
 * are at hand.
 */
type Ticks = {
  ticked: ReadonlySet<string>;
  onTick: (key: string) => void;
  onTickMany: (keys: string[]) => void;
  label: string;
};
type Order<S extends string> = { sort: S; reversed: boolean; onSort: (sort: S) => void };
type Props<T, S extends string> = {
  label: string;
  columns: readonly TableColumn<T, S>[];
  /** The rows; a hole stands for one that is not known yet. */
  items: readonly (T | undefined)[];
  keyOf: (item: T) => string;
  /** How they are ordered, where that can be changed. */
  order?: Order<S>;
  /** In px; one line each where it is left out. */
  rowHeight?: number;
  activeKey: string | null;
  /** The row that was gone to, where `activeKey` may also be one that nobody chose: it alone is brought into sight. */
  goneTo?: string | null;
  openKey: string | null;
  onActive: (key: string) => void;
  onOpen: (key: string) => void;
  /** One click only stands on a row; two open it, as Enter does. */
  opensByTwo?: boolean;
  ticks?: Ticks;
  rowLook?: (item: T) => string | false | undefined;
  /** The end is near: more can be fetched. */
  onEnd?: () => void;
  /** Told which rows are about to be seen, so that they can be asked for. */
  onRange?: (from: number, to: number) => void;
  tableRef?: (node: HTMLDivElement | null) => void;
  testId?: string;
};

const ROW_PX = 36;

/** A table of rows of one height, of which only those in sight exist. Arrows move, Enter opens, Space ticks. */
export const Table = <T, S extends string>(props: Props<T, S>): ReturnType<FC> => {
  "use no memo";
  const { items, keyOf, activeKey, ticks, testId, rowHeight = ROW_PX } = props;
  const [wide, setWide] = useState(Number.POSITIVE_INFINITY);
  const columns = props.columns.filter(({ from = 0 }) => wide >= from);
  const { onEnd, onActive, goneTo = activeKey } = props;
  const { scroller, sizer, slots, last, at, isWaiting, stop, lead } = useVirtualRows({
    items,
    keyOf,
    rowHeight,
    overscan: 8,
    initialWidth: 800,
    activeKey,
    goneTo,
    onActive,
    onRange: props.onRange,
  });
  const tracks = [...(ticks ? ["28px"] : []), ...columns.map(({ width }) => width)].join(" ");
  useLayoutEffect(
    () => scroller.current?.style.setProperty("--tracks", tracks),
    [tracks, scroller],
  );
  useLayoutEffect(
    () => scroller.current?.style.setProperty("--row", `${rowHeight}px`),
    [rowHeight, scroller],
  );
  useLayoutEffect(() => {
    const node = scroller.current;
    if (!node || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => setWide(node.clientWidth));
    setWide(node.clientWidth);
    observer.observe(node);
    return () => observer.disconnect();
  }, [scroller]);
  useLayoutEffect(() => {
    if (items.length > 0 && last >= items.length - 20) onEnd?.();
  });
  const keysFrom = (from: number, to: number): string[] =>
    items.slice(from, to).flatMap((item) => (item === undefined ? [] : [keyOf(item)]));
  /** Where a range of ticks begins. */
  const anchor = useRef<string | null>(null);
  const tickTo = (to: number) => {
    if (anchor.current === null) anchor.current = activeKey;
    const begin = items.findIndex((item) => item !== undefined && keyOf(item) === anchor.current);
    const from = begin < 0 ? to : begin;
    ticks?.onTickMany(keysFrom(Math.min(from, to), Math.max(from, to) + 1));
  };
  const tick = (key: string) => {
    anchor.current = key;
    ticks?.onTick(key);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const { altKey, shiftKey } = event;
    const held = event.ctrlKey || event.metaKey;
    if (ticks && held && !altKey && !shiftKey && event.key.toLowerCase() === "a") {
      event.preventDefault();
      ticks.onTickMany(keysFrom(0, items.length));
      return;
    }
    const ranges = ticks && shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp");
    if (altKey || held || (shiftKey && !ranges)) return;
    const index = lead(event.key);
    if (index !== undefined) {
      event.preventDefault();
      if (ranges) tickTo(index);
    } else if (at >= 0 && activeKey !== null && event.key === "Enter") {
      event.preventDefault();
      // The keys have left this row already.
      if (!isWaiting) props.onOpen(activeKey);
    } else if (ticks && at >= 0 && activeKey !== null && event.key === " ") {
      event.preventDefault();
      if (!isWaiting) tick(activeKey);
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
      aria-activedescendant={at >= 0 && activeKey !== null ? `line-${activeKey}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      <div className={cx(css.line, css.heads)} role="row">
        {ticks && <span />}
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
                : column.sort === props.order?.sort
                  ? "ascending"
                  : "none"
            }
          >
            <Head column={column} order={props.order} />
          </span>
        ))}
      </div>
      <div ref={sizer} className={css.sizer} role="presentation">
        {slots.map((slot) => {
          const item = items[slot.index];
          if (item === undefined)
            return (
              <Place
                key={`hole-${slot.index}`}
                top={slot.start}
                className={cx(css.row, css.hole)}
                aria-hidden="true"
              >
                <span />
              </Place>
            );
          const key = keyOf(item);
          const ticked = ticks?.ticked.has(key) ?? false;
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
                stop();
                if (ticks && event.shiftKey) tickTo(slot.index);
                else if (ticks && (event.ctrlKey || event.metaKey)) tick(key);
                else if (!props.opensByTwo) props.onOpen(key);
                onActive(key);
              }}
              onDoubleClick={() => props.opensByTwo && props.onOpen(key)}
              // A range of ticks is no selection of words.
              onMouseDown={(event: MouseEvent) => ticks && event.shiftKey && event.preventDefault()}
            >
              {ticks && (
                <input
                  type="checkbox"
                  className={css.tick}
                  aria-label={ticks.label}
                  tabIndex={-1}
                  checked={ticked}
                  onClick={(event) => {
                    event.stopPropagation();
                    if (!event.shiftKey) return;
                    event.preventDefault();
                    tickTo(slot.index);
                  }}
                  onChange={() => {
                    stop();
                    tick(key);
                    // The keys go on from here, and are those of the table.
                    onActive(key);
                    scroller.current?.focus({ preventScroll: true });
                  }}
                />
              )}
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
  order: Order<S> | undefined;
};

const Head = <T, S extends string>({ column, order }: HeadProps<T, S>): ReturnType<FC> => {
  const by = column.sort;
  if (by === undefined || !order) return column.label;
  const { sort, reversed, onSort } = order;
  return (
    <button type="button" tabIndex={-1} className={css.sort} onClick={() => onSort(by)}>
      {column.label}
      {by === sort && <Icon name="down" size={12} className={reversed ? css.up : undefined} />}
    </button>
  );
};

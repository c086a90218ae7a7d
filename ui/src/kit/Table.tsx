import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type FC,
  type KeyboardEvent,
  type ReactNode,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { Place } from "./Place";
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
  /** Rows that are ticked, where rows can be. Space ticks. */
  ticked: ReadonlySet<string>;
  onTick: (key: string) => void;
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
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 8,
    initialRect: { width: 800, height: 700 },
  });
  const total = virtual.getTotalSize();
  const tracks = ["28px", ...columns.map(({ width }) => width)].join(" ");
  useLayoutEffect(() => sizer.current?.style.setProperty("height", `${total}px`), [total]);
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

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: items.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const index = Math.min(items.length - 1, Math.max(0, to));
      const item = items[index];
      if (item === undefined) return;
      props.onActive(keyOf(item));
      virtual.scrollToIndex(index);
    } else if (at >= 0 && activeKey !== null && event.key === "Enter") {
      event.preventDefault();
      props.onOpen(activeKey);
    } else if (at >= 0 && activeKey !== null && event.key === " ") {
      event.preventDefault();
      props.onTick(activeKey);
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
              onClick={() => {
                props.onActive(key);
                props.onOpen(key);
              }}
            >
              <input
                type="checkbox"
                className={css.tick}
                aria-label={props.tickLabel}
                tabIndex={-1}
                checked={ticked}
                onClick={(event) => event.stopPropagation()}
                onChange={() => {
                  props.onTick(key);
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

import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useRef,
  useState,
} from "react";
import { cx } from "./cx";
import { Place } from "./Place";
import { rowAfter, rowsInSight, useVirtualRows } from "./rows";
import css from "./VirtualList.module.css";

type Props<T> = {
  label: string;
  /** The items; a hole stands for one that is not known yet. */
  items: readonly (T | undefined)[];
  rowHeight: number;
  keyOf: (item: T) => string;
  activeKey: string | null;
  selectedKey: string | null;
  onActive: (key: string) => void;
  onChoose: (key: string) => void;
  /** Space, or a click with Ctrl or ⌘, ticks instead of choosing. */
  onToggle?: (key: string) => void;
  renderRow: (item: T) => ReactNode;
  rowClass?: (item: T, active: boolean) => string | undefined;
  /** Rows with round corners and air beside them. */
  look?: "card";
  /** Told which items are about to be seen, so that they can be asked for. */
  onRange?: (from: number, to: number) => void;
  className?: string | undefined;
  listRef?: Ref<HTMLDivElement>;
  testId?: string;
  rowTestId?: string;
};

const OVERSCAN = 6;

/** A list of rows of one height, of which only those in sight exist. Arrows, pages, home, end move; Enter chooses. */
export const VirtualList = <T,>(props: Props<T>): ReactNode => {
  "use no memo";
  const { items, rowHeight, keyOf, activeKey, selectedKey, testId, onRange, onActive } = props;
  /** Where the arrow keys went before the item there was known. */
  const [wanted, setWanted] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const virtual = useVirtualRows(items, scroller, sizer, {
    rowHeight,
    keyOf,
    overscan: OVERSCAN,
    initialWidth: 300,
  });
  const activeIndex = items.findIndex((item) => item !== undefined && keyOf(item) === activeKey);
  const slots = virtual.getVirtualItems();
  const from = slots[0]?.index ?? 0;
  const to = slots.at(-1)?.index ?? 0;
  useEffect(() => onRange?.(from, to), [from, to, onRange]);
  const came = wanted === null ? undefined : items[wanted];
  useEffect(() => {
    if (came === undefined) return;
    setWanted(null);
    onActive(keyOf(came));
  }, [came, keyOf, onActive]);

  // What was opened by key elsewhere comes into sight.
  const moved = useRef(activeKey);
  useEffect(() => {
    if (moved.current === activeKey || activeIndex < 0) return;
    moved.current = activeKey;
    virtual.scrollToIndex(activeIndex);
  }, [activeKey, activeIndex, virtual]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = rowsInSight(scroller.current, rowHeight);
    const index = rowAfter(event.key, wanted ?? activeIndex, items.length, page);
    if (index !== undefined) {
      event.preventDefault();
      const item = items[index];
      virtual.scrollToIndex(index);
      setWanted(item === undefined ? index : null);
      if (item !== undefined) onActive(keyOf(item));
    } else if (event.key === " " && props.onToggle && activeKey !== null) {
      event.preventDefault();
      props.onToggle(activeKey);
    } else if ((event.key === "Enter" || event.key === " ") && activeKey !== null) {
      event.preventDefault();
      props.onChoose(activeKey);
    }
  };

  return (
    <div
      ref={(node) => {
        scroller.current = node;
        if (typeof props.listRef === "function") props.listRef(node);
        else if (props.listRef) props.listRef.current = node;
      }}
      className={cx(css.list, "scroll", props.className)}
      role="listbox"
      aria-label={props.label}
      tabIndex={0}
      aria-activedescendant={activeIndex >= 0 && activeKey ? `row-${activeKey}` : undefined}
      onKeyDown={onKeyDown}
      data-testid={testId}
    >
      <div ref={sizer} className={css.sizer} role="presentation">
        {slots.map((slot) => {
          const item = items[slot.index];
          if (item === undefined)
            return (
              <Place
                key={`hole-${slot.index}`}
                top={slot.start}
                className={cx(css.slot, css.hole)}
                aria-hidden="true"
              >
                <span />
              </Place>
            );
          const key = keyOf(item);
          return (
            <Place
              key={key}
              top={slot.start}
              id={`row-${key}`}
              role="option"
              aria-selected={key === selectedKey}
              aria-setsize={items.length}
              aria-posinset={slot.index + 1}
              className={cx(
                css.slot,
                key === activeKey && css.active,
                props.look === "card" && css.card,
                props.look === "card" && key === selectedKey && css.chosen,
                props.rowClass?.(item, key === activeKey),
              )}
              data-testid={props.rowTestId}
              data-id={key}
              onClick={(event: MouseEvent<HTMLElement>) =>
                props.onToggle && (event.ctrlKey || event.metaKey)
                  ? props.onToggle(key)
                  : props.onChoose(key)
              }
            >
              {props.renderRow(item)}
            </Place>
          );
        })}
      </div>
    </div>
  );
};

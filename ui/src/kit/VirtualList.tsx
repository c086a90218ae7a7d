import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cx } from "./cx";
import { Place } from "./Place";
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
  rowClass: (item: T, active: boolean) => string;
  /** Told which items are about to be seen, so that they can be asked for. */
  onRange?: (from: number, to: number) => void;
  className?: string | undefined;
  listRef?: Ref<HTMLDivElement>;
  testId?: string;
  rowTestId?: string;
};

const OVERSCAN = 6;

/** A list of rows of one height, of which only those in sight exist. Up, down, home, end move; Enter chooses. */
export const VirtualList = <T,>(props: Props<T>): ReactNode => {
  "use no memo";
  const { items, rowHeight, keyOf, activeKey, selectedKey, testId, onRange, onActive } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  /** Where the arrow keys went before the item there was known. */
  const [wanted, setWanted] = useState<number | null>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: OVERSCAN,
    initialRect: { width: 300, height: 800 },
  });
  const total = virtual.getTotalSize();
  useLayoutEffect(() => sizer.current?.style.setProperty("height", `${total}px`), [total]);
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
    const steps: Record<string, number> = {
      ArrowDown: (wanted ?? activeIndex) + 1,
      ArrowUp: (wanted ?? activeIndex) - 1,
      Home: 0,
      End: items.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const index = Math.min(items.length - 1, Math.max(0, to));
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
                props.rowClass(item, key === activeKey),
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

import type { KeyboardEvent, MouseEvent, ReactNode, Ref } from "react";
import { cx } from "./cx";
import { Place } from "./Place";
import { useVirtualRows } from "./rows";
import css from "./VirtualList.module.css";

type Props<T> = {
  label: string;
  /** The items; a hole stands for one that is not known yet. */
  items: readonly (T | undefined)[];
  rowHeight: number;
  keyOf: (item: T) => string;
  activeKey: string | null;
  /** The row that was gone to, where `activeKey` may also be one that nobody chose: it alone is brought into sight. */
  goneTo?: string | null;
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
  const { items, rowHeight, keyOf, activeKey, selectedKey, testId } = props;
  const { scroller, sizer, slots, at, isWaiting, stop, lead } = useVirtualRows({
    items,
    keyOf,
    rowHeight,
    overscan: OVERSCAN,
    initialWidth: 300,
    activeKey,
    goneTo: props.goneTo === undefined ? activeKey : props.goneTo,
    onActive: props.onActive,
    onRange: props.onRange,
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (lead(event.key) !== undefined) {
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === " ") && activeKey !== null) {
      event.preventDefault();
      // The keys have left this row already.
      if (isWaiting) return;
      if (event.key === " " && props.onToggle) props.onToggle(activeKey);
      else props.onChoose(activeKey);
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
      aria-activedescendant={at >= 0 && activeKey !== null ? `row-${activeKey}` : undefined}
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
              onClick={(event: MouseEvent<HTMLElement>) => {
                stop();
                if (props.onToggle && (event.ctrlKey || event.metaKey)) props.onToggle(key);
                else props.onChoose(key);
              }}
            >
              {props.renderRow(item)}
            </Place>
          );
        })}
      </div>
    </div>
  );
};

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, type Ref, useLayoutEffect, useRef } from "react";
import { cx } from "./cx";
import css from "./VirtualList.module.css";

type Props<T> = {
  label: string;
  items: readonly T[];
  rowHeight: number;
  keyOf: (item: T) => string;
  activeKey: string | null;
  selectedKey: string | null;
  onActive: (key: string) => void;
  onChoose: (key: string) => void;
  renderRow: (item: T) => ReactNode;
  rowClass: (item: T, active: boolean) => string;
  className?: string | undefined;
  listRef?: Ref<HTMLDivElement>;
  testId?: string;
  rowTestId?: string;
};

const Place = ({
  top,
  children,
  ...rest
}: { top: number; children: ReactNode } & Record<string, unknown>) => {
  const ref = useRef<HTMLDivElement>(null);
  // Positions are set through the CSSOM: the page's policy allows no style attribute.
  useLayoutEffect(() => ref.current?.style.setProperty("transform", `translateY(${top}px)`), [top]);
  return (
    <div ref={ref} {...rest}>
      {children}
    </div>
  );
};

/** A list of rows of one height, of which only those in sight exist. Up, down, home, end move; Enter chooses. */
export const VirtualList = <T,>(props: Props<T>): ReactNode => {
  "use no memo";
  const { items, rowHeight, keyOf, activeKey, selectedKey, testId } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 6,
    initialRect: { width: 300, height: 800 },
  });
  const total = virtual.getTotalSize();
  useLayoutEffect(() => sizer.current?.style.setProperty("height", `${total}px`), [total]);
  const activeIndex = items.findIndex((item) => keyOf(item) === activeKey);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
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
        {virtual.getVirtualItems().map((slot) => {
          const item = items[slot.index];
          if (item === undefined) return null;
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
              onClick={() => props.onChoose(key)}
            >
              {props.renderRow(item)}
            </Place>
          );
        })}
      </div>
    </div>
  );
};

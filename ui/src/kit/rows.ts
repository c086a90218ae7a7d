import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useLayoutEffect } from "react";

type Options<T> = {
  rowHeight: number;
  keyOf: (item: T) => string;
  overscan: number;
  /** What is taken for the place of the rows until it is measured. */
  initialWidth: number;
};

/**
 * Rows of one height, of which only those in sight exist: `scroller` is what they scroll in, `sizer`
 * what is as high as all of them. A hole is a row that is not known yet.
 */
export const useVirtualRows = <T>(
  items: readonly (T | undefined)[],
  scroller: RefObject<HTMLElement | null>,
  sizer: RefObject<HTMLElement | null>,
  options: Options<T>,
) => {
  "use no memo";
  const { rowHeight, keyOf, overscan, initialWidth } = options;
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan,
    initialRect: { width: initialWidth, height: 800 },
  });
  const total = virtual.getTotalSize();
  useLayoutEffect(() => sizer.current?.style.setProperty("height", `${total}px`), [total, sizer]);
  return virtual;
};

/** The row that a key leads to from the row `at` of `n`, `page` of which are in sight. */
export const rowAfter = (key: string, at: number, n: number, page: number): number | undefined => {
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: n - 1,
  };
  const to = steps[key];
  return to === undefined ? undefined : Math.min(n - 1, Math.max(0, to));
};

/** How many whole rows are in sight, less two to keep one's place. */
export const rowsInSight = (scroller: HTMLElement | null, rowHeight: number): number =>
  Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / rowHeight) - 2);

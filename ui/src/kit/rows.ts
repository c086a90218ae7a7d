import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

type Options<T> = {
  /** The rows; a hole stands for one that is not known yet. */
  items: readonly (T | undefined)[];
  keyOf: (item: T) => string;
  rowHeight: number;
  overscan: number;
  /** What is taken for the place of the rows until it is measured. */
  initialWidth: number;
  /** The row that the keys stand on. */
  activeKey: string | null;
  /** The row that was gone to on purpose: it alone is brought into sight. */
  goneTo: string | null;
  onActive: (key: string) => void;
  /** Told which rows are about to be seen, so that they can be asked for. */
  onRange: ((from: number, to: number) => void) | undefined;
};
type Rows = {
  /** What the rows scroll in. */
  scroller: RefObject<HTMLDivElement | null>;
  /** What is as high as all of them. */
  sizer: RefObject<HTMLDivElement | null>;
  /** Those that exist, with their places. */
  slots: { index: number; start: number }[];
  /** The last of them. */
  last: number;
  /** Where the keys stand; -1 where the row is not known. */
  at: number;
  /** Whether the keys went to a row that is not known yet: it is stood on as soon as it is. */
  isWaiting: boolean;
  /** The keys were put elsewhere by hand: nothing is waited for any more. */
  stop: () => void;
  /** Goes where a key leads, and says where that is. */
  lead: (key: string) => number | undefined;
};

/** Rows of one height, of which only those in sight exist, and the keys that move among them. */
export const useVirtualRows = <T>(options: Options<T>): Rows => {
  "use no memo";
  const { items, keyOf, rowHeight, overscan, activeKey, goneTo, onActive, onRange } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const keyAt = (index: number): string | undefined => {
    const item = items[index];
    return item === undefined ? undefined : keyOf(item);
  };
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keyAt(index) ?? index,
    overscan,
    initialRect: { width: options.initialWidth, height: 800 },
  });
  const total = virtual.getTotalSize();
  useLayoutEffect(() => sizer.current?.style.setProperty("height", `${total}px`), [total]);
  const slots = virtual.getVirtualItems();
  const first = slots[0]?.index ?? 0;
  const last = slots.at(-1)?.index ?? 0;
  useEffect(() => onRange?.(first, last), [first, last, onRange]);

  const placeOf = (key: string | null) =>
    items.findIndex((item) => item !== undefined && keyOf(item) === key);
  const at = placeOf(activeKey);
  const gone = goneTo === activeKey ? at : placeOf(goneTo);
  // Rows out of sight are forgotten, the one stood on among them: the keys go on from its place.
  const stood = useRef({ key: activeKey, index: -1 });
  useEffect(() => {
    if (at >= 0) stood.current = { key: activeKey, index: at };
  }, [activeKey, at]);

  /** Where the keys went before the row there was known, and from where. */
  const [wanted, setWanted] = useState<{ index: number; from: string | null } | null>(null);
  // Who was put elsewhere meanwhile stays there.
  if (wanted && wanted.from !== goneTo) setWanted(null);
  const waits = wanted && wanted.from === goneTo ? Math.min(wanted.index, items.length - 1) : null;
  const came = waits === null ? undefined : keyAt(waits);
  useEffect(() => {
    if (came === undefined) return;
    setWanted(null);
    onActive(came);
  }, [came, onActive]);

  // Where another key led comes into sight.
  const moved = useRef(goneTo);
  useEffect(() => {
    if (moved.current === goneTo || gone < 0) return;
    moved.current = goneTo;
    virtual.scrollToIndex(gone);
  }, [goneTo, gone, virtual]);

  const lead = (key: string): number | undefined => {
    const before = stood.current.key === activeKey ? stood.current.index : -1;
    const from = waits ?? (at >= 0 ? at : before);
    const index = rowAfter(key, from, items.length, rowsInSight(scroller.current, rowHeight));
    if (index === undefined) return undefined;
    const there = keyAt(index);
    setWanted(there === undefined ? { index, from: goneTo } : null);
    if (there !== undefined) onActive(there);
    virtual.scrollToIndex(index);
    return index;
  };
  return {
    scroller,
    sizer,
    slots,
    last,
    at,
    isWaiting: waits !== null,
    stop: () => setWanted(null),
    lead,
  };
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
  return to === undefined || n === 0 ? undefined : Math.min(n - 1, Math.max(0, to));
};

/** How many whole rows are in sight, less two to keep one's place. */
const rowsInSight = (scroller: HTMLElement | null, rowHeight: number): number =>
  Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / rowHeight) - 2);

import { useVirtualizer } from "@tanstack/react-virtual";
import { type PointerEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import css from "./Board.module.css";
import { cx } from "./cx";
import { Place } from "./Place";

type Props<T> = {
  /** The cards; a hole stands for one that is not known yet. */
  items: readonly (T | undefined)[];
  keyOf: (item: T) => string;
  renderCard: (item: T) => ReactNode;
  activeKey: string | null;
  openKey: string | null;
  liftedKey: string | null;
  emptyText: string;
  onPress: (item: T, event: PointerEvent) => void;
  onChoose: (key: string) => void;
  /** A card that the keys wait for, by its place. */
  wanted: number | null;
  /** Told which cards are about to be seen. */
  onRange: (from: number, to: number) => void;
  testId: string | undefined;
};

const ESTIMATE_PX = 112;
const GAP_PX = 8;

/** The cards of one column, of which only those in sight exist; each as high as it needs. */
export const Cards = <T,>(props: Props<T>): ReactNode => {
  "use no memo";
  const { items, keyOf, activeKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const sizer = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATE_PX,
    measureElement: (element) =>
      element instanceof HTMLElement && element.offsetHeight > 0
        ? element.offsetHeight
        : ESTIMATE_PX,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    gap: GAP_PX,
    overscan: 3,
    initialRect: { width: 200, height: 700 },
  });
  const total = virtual.getTotalSize();
  useLayoutEffect(() => sizer.current?.style.setProperty("height", `${total}px`), [total]);
  const active = items.findIndex((item) => item !== undefined && keyOf(item) === activeKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when the card changes, not at each measure
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active);
  }, [active, activeKey]);

  const { wanted, onRange } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when another card is wanted
  useEffect(() => {
    if (wanted !== null) virtual.scrollToIndex(wanted);
  }, [wanted]);
  const slots = virtual.getVirtualItems();
  const from = slots[0]?.index ?? 0;
  const to = slots.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it tells what is in sight, whoever listens
  useEffect(() => onRange(from, to), [from, to, items.length]);

  if (items.length === 0) return <p className={css.none}>{props.emptyText}</p>;
  return (
    <div ref={scroller} className={cx(css.cards, "scroll")} role="presentation">
      <div ref={sizer} className={css.sizer} role="presentation">
        {slots.map((slot) => {
          const item = items[slot.index];
          if (item === undefined)
            return (
              <Place
                key={slot.key}
                top={slot.start}
                className={css.hole}
                data-testid={props.testId && `${props.testId}-hole`}
              >
                {null}
              </Place>
            );
          const key = keyOf(item);
          return (
            <Place
              key={key}
              top={slot.start}
              onElement={virtual.measureElement}
              data-index={slot.index}
              id={`card-${key}`}
              role="option"
              aria-selected={key === props.openKey}
              aria-setsize={items.length}
              aria-posinset={slot.index + 1}
              className={cx(
                css.card,
                key === activeKey && css.active,
                key === props.openKey && css.open,
                key === props.liftedKey && css.lifted,
              )}
              data-testid={props.testId}
              data-id={key}
              onPointerDown={(event: PointerEvent) => props.onPress(item, event)}
              onClick={() => props.onChoose(key)}
            >
              {props.renderCard(item)}
            </Place>
          );
        })}
      </div>
    </div>
  );
};

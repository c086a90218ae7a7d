import {
  type FC,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useRef,
  useState,
} from "react";
import css from "./Board.module.css";
import { type BoardColumn, pushTo, type Spot, spotOf, step } from "./boardMoves";
import { Cards } from "./Cards";
import { cx } from "./cx";

type Props<T> = {
  label: string;
  columns: readonly BoardColumn<T>[];
  keyOf: (item: T) => string;
  renderCard: (item: T) => ReactNode;
  /** The card that the keys stand on, and the one that is open. */
  activeKey: string | null;
  openKey: string | null;
  onActive: (key: string) => void;
  onOpen: (key: string) => void;
  /** The columns that a card may be moved to. */
  targets: (item: T) => readonly string[];
  onMove: (key: string, column: string) => void;
  /** A shut column is opened, or an open one shut. */
  onToggle: (column: string) => void;
  canShut: (column: string) => boolean;
  /** Told which cards of a column are about to be seen, so that they can be asked for. */
  onRange?: ((column: string, from: number, to: number) => void) | undefined;
  /** What stands in a column that takes the card. */
  dropText: string;
  emptyText: string;
  boardRef?: Ref<HTMLDivElement>;
  testId?: string;
};

type Drag<T> = { key: string; item: T; from: string; over: string | null };
/** Less than this is a click. */
const SLACK_PX = 5;

/**
 * Cards in columns. Arrows move, Enter opens, Shift with an arrow pushes the card to the next column
 * that takes it. By pointer a card is dragged; only the columns that take it light up.
 */
export const Board = <T,>(props: Props<T>): ReturnType<FC> => {
  const { columns, keyOf, activeKey, targets, onMove, onActive } = props;
  const board = useRef<HTMLDivElement>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const press = useRef<{ x: number; y: number; item: T; from: string } | null>(null);
  const [drag, setDrag] = useState<Drag<T> | null>(null);
  const dragged = useRef(false);
  /** Where the keys went before the card there was known, and from where. */
  const [wanted, setWanted] = useState<(Spot & { from: string | null }) | null>(null);
  // Who was put elsewhere meanwhile stays there.
  if (wanted && wanted.from !== activeKey) setWanted(null);
  const came = wanted ? columns[wanted.column]?.items[wanted.row] : undefined;
  useEffect(() => {
    if (came === undefined) return;
    setWanted(null);
    onActive(keyOf(came));
  }, [came, keyOf, onActive]);
  const legal = drag ? targets(drag.item) : [];

  useEffect(() => {
    if (!drag) return;
    const cancel = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      press.current = null;
      setDrag(null);
    };
    window.addEventListener("keydown", cancel, true);
    return () => window.removeEventListener("keydown", cancel, true);
  }, [drag]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const spot = spotOf(columns, keyOf, activeKey);
    const item = spot && columns[spot.column]?.items[spot.row];
    if (event.shiftKey && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      event.preventDefault();
      if (!spot || item === undefined || item === null) return;
      const to = pushTo(columns, spot.column, event.key === "ArrowRight" ? 1 : -1, targets(item));
      if (to !== null) onMove(keyOf(item), to);
    } else if ((event.key === "Enter" || event.key === " ") && item) {
      event.preventDefault();
      // The keys have left this card already.
      if (!wanted) props.onOpen(keyOf(item));
    } else {
      const to = step(columns, keyOf, activeKey, event.key);
      if (to === null) {
        if (/^Arrow|^Home$|^End$/.test(event.key)) event.preventDefault();
        return;
      }
      event.preventDefault();
      const there = columns[to.column]?.items[to.row];
      setWanted(there === undefined ? { ...to, from: activeKey } : null);
      if (there !== undefined) onActive(keyOf(there));
    }
  };

  const columnAt = (event: PointerEvent): string | null =>
    document
      .elementFromPoint(event.clientX, event.clientY)
      ?.closest<HTMLElement>("[data-column]")
      ?.getAttribute("data-column") ?? null;
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const start = press.current;
    if (!start) return;
    if (!drag) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < SLACK_PX) return;
      dragged.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ key: keyOf(start.item), item: start.item, from: start.from, over: null });
    }
    ghost.current?.style.setProperty(
      "transform",
      `translate(${event.clientX}px, ${event.clientY}px) rotate(1deg)`,
    );
    const over = columnAt(event);
    setDrag((now) => (now && now.over !== over ? { ...now, over } : now));
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    press.current = null;
    if (!drag) return;
    const to = columnAt(event);
    setDrag(null);
    if (to !== null && to !== drag.from && legal.includes(to)) onMove(drag.key, to);
  };

  return (
    <div
      ref={(node) => {
        board.current = node;
        if (typeof props.boardRef === "function") props.boardRef(node);
        else if (props.boardRef) props.boardRef.current = node;
      }}
      className={cx(css.board, drag && css.dragging)}
      role="listbox"
      aria-label={props.label}
      aria-activedescendant={
        spotOf(columns, keyOf, activeKey) && activeKey ? `card-${activeKey}` : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        press.current = null;
        setDrag(null);
      }}
      data-testid={props.testId}
    >
      {columns.map((column, place) => {
        const takes = drag !== null && column.id !== drag.from && legal.includes(column.id);
        const look = cx(
          column.shut ? css.shut : css.column,
          takes && css.takes,
          takes && drag?.over === column.id && css.over,
          drag !== null && !takes && column.id !== drag.from && css.refuses,
        );
        return (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox
          <div
            key={column.id}
            className={look}
            role="group"
            aria-label={`${column.title} ${column.count.toLocaleString()}`}
            data-column={column.id}
            data-takes={takes || undefined}
            data-testid={props.testId && `${props.testId}-column`}
          >
            <ColumnHead
              column={column}
              canShut={props.canShut(column.id)}
              onToggle={() => {
                props.onToggle(column.id);
                board.current?.focus({ preventScroll: true });
              }}
            />
            {takes && !column.shut && <p className={css.drop}>{props.dropText}</p>}
            {!column.shut && (
              <Cards
                items={column.items}
                keyOf={keyOf}
                renderCard={props.renderCard}
                activeKey={activeKey}
                openKey={props.openKey}
                liftedKey={drag?.key ?? null}
                emptyText={props.emptyText}
                onPress={(item, event) => {
                  if (event.button !== 0 || event.pointerType === "touch") return;
                  dragged.current = false;
                  press.current = { x: event.clientX, y: event.clientY, item, from: column.id };
                }}
                onChoose={(key) => {
                  if (dragged.current) return;
                  setWanted(null);
                  onActive(key);
                  props.onOpen(key);
                }}
                wanted={wanted?.column === place ? wanted.row : null}
                onRange={(from, to) => props.onRange?.(column.id, from, to)}
                testId={props.testId && `${props.testId}-card`}
              />
            )}
          </div>
        );
      })}
      {drag && (
        <div ref={ghost} className={css.ghost} aria-hidden="true">
          {props.renderCard(drag.item)}
        </div>
      )}
    </div>
  );
};

type HeadProps<T> = { column: BoardColumn<T>; canShut: boolean; onToggle: () => void };

const ColumnHead = <T,>({ column, canShut, onToggle }: HeadProps<T>): ReturnType<FC> => {
  const inside = (
    <>
      <span className={css.title}>{column.title}</span>
      <span className={css.count}>{column.count.toLocaleString()}</span>
    </>
  );
  return canShut ? (
    <button
      type="button"
      tabIndex={-1}
      className={css.head}
      aria-expanded={!column.shut}
      onClick={onToggle}
      data-testid={`column-${column.id}`}
    >
      {inside}
    </button>
  ) : (
    <div className={css.head} data-testid={`column-${column.id}`}>
      {inside}
    </div>
  );
};

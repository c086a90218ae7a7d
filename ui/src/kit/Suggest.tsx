import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cx } from "./cx";
import css from "./Suggest.module.css";

type Props<T> = {
  id: string;
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  active: number;
  onActive: (at: number) => void;
  onPick: (item: T) => void;
  render: (item: T) => ReactNode;
  emptyText: string;
  foot?: ReactNode;
  testId?: string;
};

/** A list over a text box in which one goes on typing: arrows move, Enter or Tab takes. */
export const Suggest = <T,>(props: Props<T>): ReactNode => {
  const { id, items, active, testId } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector(`[data-at="${active}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [active]);
  return (
    <div className={css.popup} data-testid={testId}>
      <div
        ref={box}
        id={id}
        className={cx(css.list, "scroll")}
        role="listbox"
        aria-label={props.label}
      >
        {items.map((item, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the text box that one goes on typing in
          <div
            key={props.keyOf(item)}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            className={cx(css.item, at === active && css.active)}
            data-at={at}
            onMouseMove={() => at !== active && props.onActive(at)}
            // The text box keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => props.onPick(item)}
          >
            {props.render(item)}
          </div>
        ))}
        {items.length === 0 && <p className={css.none}>{props.emptyText}</p>}
      </div>
      {props.foot && <div className={css.foot}>{props.foot}</div>}
    </div>
  );
};

/** Where the keys stand in a list of suggestions. `onKeyDown` says whether the key was for the list. */
export function useSuggest<T>(
  open: boolean,
  items: readonly T[],
  onPick: (item: T) => void,
  onClose: () => void,
) {
  const [at, setAt] = useState(0);
  const active = Math.min(at, Math.max(0, items.length - 1));
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!open || event.altKey || event.ctrlKey || event.metaKey) return false;
    const item = items[active];
    switch (event.key) {
      case "ArrowDown":
        setAt(items.length === 0 ? 0 : (active + 1) % items.length);
        break;
      case "ArrowUp":
        setAt(items.length === 0 ? 0 : (active - 1 + items.length) % items.length);
        break;
      case "Enter":
      case "Tab":
        if (event.shiftKey || !item) return false;
        onPick(item);
        break;
      case "Escape":
        onClose();
        break;
      default:
        return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { active, setActive: setAt, onKeyDown };
}

import { type FC, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cx } from "./cx";
import { Panel } from "./Dialog";
import { Kbd } from "./Kbd";
import css from "./Pick.module.css";

type PickItem = { id: string; label: string; hint?: string | undefined; mark?: ReactNode };
type Props = {
  open: boolean;
  onClose: () => void;
  label: string;
  items: readonly PickItem[];
  onPick: (id: string) => void;
  /** What is typed is looked for in the labels, and handed on where there are more to fetch. */
  onQuery?: (query: string) => void;
  /** What comes of the choice shuts it. */
  stays?: boolean;
  emptyText: string;
  testId?: string;
};

/** One of a list, by a few letters: what is typed narrows it, arrows move, Enter takes. */
export const Pick: FC<Props> = ({ open, onClose, label, ...rest }) => (
  <Panel open={open} onClose={onClose} label={label} className={css.panel}>
    <Inside label={label} onClose={onClose} {...rest} />
  </Panel>
);

/** Whatever is typed is matched by the program that fetches, where one does. */
const fits = (item: PickItem, words: string) =>
  `${item.label} ${item.hint ?? ""}`.toLowerCase().includes(words);

const Inside: FC<Omit<Props, "open">> = ({
  label,
  items,
  onPick,
  onClose,
  onQuery,
  stays = false,
  emptyText,
  testId,
}) => {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const words = query.trim().toLowerCase();
  const shown = onQuery || words === "" ? items : items.filter((item) => fits(item, words));
  const current = Math.min(at, Math.max(0, shown.length - 1));
  useEffect(() => {
    list.current?.querySelector(`[data-at="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const pick = (item: PickItem | undefined) => {
    if (!item) return;
    if (!stays) onClose();
    onPick(item.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229) return;
    const n = Math.max(1, shown.length);
    if (event.key === "ArrowDown") setAt((current + 1) % n);
    else if (event.key === "ArrowUp") setAt((current - 1 + n) % n);
    else if (event.key === "Enter") pick(shown[current]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className={css.input}>
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="pick-list"
          aria-activedescendant={shown.length > 0 ? `pick-${current}` : undefined}
          aria-label={label}
          placeholder={label}
          value={query}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setAt(0);
            setQuery(event.currentTarget.value);
            onQuery?.(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          data-testid={testId && `${testId}-input`}
        />
        <Kbd keys="Esc" />
      </div>
      <div
        ref={list}
        id="pick-list"
        className={cx(css.list, "scroll")}
        role="listbox"
        aria-label={label}
        data-testid={testId}
      >
        {shown.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox takes the keys
          <div
            key={item.id}
            id={`pick-${index}`}
            data-at={index}
            data-id={item.id}
            role="option"
            aria-selected={index === current}
            tabIndex={-1}
            className={cx(css.option, index === current && css.active)}
            onClick={() => pick(item)}
            onPointerMove={() => setAt(index)}
            data-testid={testId && `${testId}-item`}
          >
            {item.mark}
            <span className="one">{item.label}</span>
            {item.hint && <span className={cx(css.hint, "one")}>{item.hint}</span>}
          </div>
        ))}
        {shown.length === 0 && <p className={css.none}>{emptyText}</p>}
      </div>
    </>
  );
};

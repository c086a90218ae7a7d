import type { FC, RefObject } from "react";
import { Icon } from "./Icon";
import css from "./Select.module.css";

type Props<T extends string> = {
  label: string;
  value: T;
  items: readonly { id: T; label: string }[];
  /** More of them, under heads. */
  groups?: readonly { label: string; items: readonly { id: T; label: string }[] }[];
  onChange: (value: T) => void;
  id?: string;
  disabled?: boolean;
  inputRef?: RefObject<HTMLSelectElement | null>;
  testId?: string;
};

/** One of many, by the system's own list: it opens, searches and chooses by key as everywhere. */
export const Select = <T extends string>({
  label,
  value,
  items,
  groups = [],
  onChange,
  id: ownId,
  disabled = false,
  inputRef,
  testId,
}: Props<T>): ReturnType<FC> => (
  <span className={css.wrap}>
    <select
      ref={inputRef}
      id={ownId}
      className={css.select}
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={(event) => {
        const all = [...items, ...groups.flatMap((group) => group.items)];
        const chosen = all.find(({ id }) => id === event.currentTarget.value);
        if (chosen) onChange(chosen.id);
      }}
      data-testid={testId}
    >
      {items.map(({ id, label: text }) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
      {groups.map((group) => (
        <optgroup key={group.label} label={group.label}>
          {group.items.map(({ id, label: text }) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
    <Icon name="down" size={12} />
  </span>
);

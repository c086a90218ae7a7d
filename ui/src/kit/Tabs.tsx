import type { FC, KeyboardEvent } from "react";
import { cx } from "./cx";
import css from "./Tabs.module.css";

type TabItem<T extends string> = {
  id: T;
  label: string;
  count?: number;
  countWideOnly?: boolean;
};
type Props<T extends string> = {
  label: string;
  items: readonly TabItem<T>[];
  value: T;
  onChange: (id: T) => void;
  /** Id of the panel that the tabs switch. */
  panelId?: string;
  testId?: string;
};

/** A row of tabs; arrow keys move and choose. */
export const Tabs = <T extends string>({
  label,
  items,
  value,
  onChange,
  panelId,
  testId,
}: Props<T>): ReturnType<FC> => {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.id === value);
    const next = items[(at + step + items.length) % items.length];
    if (!next) return;
    onChange(next.id);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[items.indexOf(next)]?.focus();
  };
  return (
    <div className={css.tabs} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="tab"
          className={css.tab}
          aria-selected={item.id === value}
          aria-controls={panelId}
          tabIndex={item.id === value ? 0 : -1}
          data-testid={testId && `${testId}-${item.id}`}
          onClick={() => onChange(item.id)}
        >
          {item.label}
          {item.count !== undefined && (
            <span className={cx(css.count, item.countWideOnly && "wide-only")}>
              {item.count.toLocaleString()}
            </span>
          )}
        </button>
      ))}
    </div>
  );
};

type SegmentsProps<T extends string> = {
  label: string;
  items: readonly { id: T; label: string }[];
  value: T;
  onChange: (id: T) => void;
};

/** One choice of few, all in sight. */
export const Segments = <T extends string>({
  label,
  items,
  value,
  onChange,
}: SegmentsProps<T>): ReturnType<FC> => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row of buttons in every engine
  <div className={css.segments} role="group" aria-label={label}>
    {items.map((item) => (
      <button
        key={item.id}
        type="button"
        className={css.segment}
        aria-pressed={item.id === value}
        onClick={() => onChange(item.id)}
      >
        {item.label}
      </button>
    ))}
  </div>
);

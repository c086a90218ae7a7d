import type { FC, ReactNode } from "react";
import { cx } from "./cx";
import css from "./Timeline.module.css";

export type Moment = {
  key: string;
  /** Small and grey, under the words: when and who. */
  meta: ReactNode;
  children: ReactNode;
  /** Something still on its way, or of weight. */
  tone?: "plain" | "accent" | "note" | "danger" | "warning";
};

/** What happened, newest first or last as given. */
export const Timeline: FC<{ label: string; items: readonly Moment[]; testId?: string }> = ({
  label,
  items,
  testId,
}) => (
  <ol className={css.timeline} aria-label={label} data-testid={testId}>
    {items.map(({ key, meta, children, tone = "plain" }) => (
      <li key={key} className={cx(css.moment, css[tone])}>
        <div className={css.body}>
          {children}
          <p className={css.meta}>{meta}</p>
        </div>
      </li>
    ))}
  </ol>
);

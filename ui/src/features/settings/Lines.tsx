import type { FC, ReactNode } from "react";
import css from "./Settings.module.css";

/** A part of the settings with its title beside it. */
export const Section: FC<{ title: string; children: ReactNode }> = ({ title, children }) => (
  <section className={css.section} aria-label={title}>
    <h2>{title}</h2>
    <div className={css.lines}>{children}</div>
  </section>
);

type LineProps = { label: string; hint?: string | undefined; children: ReactNode };

/** One setting: what it is, and on the right what it is now. */
export const Line: FC<LineProps> = ({ label, hint, children }) => (
  <div className={css.line}>
    <div className="grow">
      <p>{label}</p>
      {hint && <p className="small muted">{hint}</p>}
    </div>
    {children}
  </div>
);

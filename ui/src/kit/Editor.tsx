import type { FC, ReactNode } from "react";
import { cx } from "./cx";
import css from "./Editor.module.css";

type Props = {
  /** What is being written. */
  label: string;
  /** How what is written is laid out. */
  className?: string | undefined;
  /** What can be done with all of it; it stays in sight. */
  foot?: ReactNode;
  children: ReactNode;
  testId: string;
};

/** Something that is being written: its fields scroll, its foot stays. */
export const Editor: FC<Props> = ({ label, className, foot, children, testId }) => (
  <section className={css.editor} aria-label={label} data-testid={testId}>
    <div className={cx(css.scroller, "scroll", className)}>{children}</div>
    {foot && <footer className={css.foot}>{foot}</footer>}
  </section>
);

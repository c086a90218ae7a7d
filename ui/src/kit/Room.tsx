import type { FC, ReactNode } from "react";
import css from "./Room.module.css";

type Props = {
  title: string;
  /** What belongs to the whole room: its tabs, filters, acts. */
  head?: ReactNode;
  /** One element; it takes the height that is left. */
  children: ReactNode;
  testId: string;
};

/** A room: its name in one line with what belongs to all of it, and what it is about below. */
export const Room: FC<Props> = ({ title, head, children, testId }) => (
  <main className={css.room} aria-label={title} data-testid={testId}>
    <header className={css.head}>
      <h1>{title}</h1>
      {head}
    </header>
    {children}
  </main>
);

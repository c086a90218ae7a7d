import type { FC } from "react";
import { cx } from "./cx";
import css from "./Route.module.css";

type Stop = { key: string; name: string; text: string; state: "done" | "now" | "next" };

/** Stops one after the other: those passed, the one that it is at, those to come. */
export const Route: FC<{ label: string; stops: readonly Stop[]; testId?: string }> = ({
  label,
  stops,
  testId,
}) => (
  <ol className={css.route} aria-label={label} data-testid={testId}>
    {stops.map(({ key, name, text, state }) => (
      <li
        key={key}
        className={cx(css.stop, css[state])}
        aria-current={state === "now" ? "step" : undefined}
      >
        <strong className="one">{name}</strong>
        <span>{text}</span>
      </li>
    ))}
  </ol>
);

import type { FC } from "react";
import css from "./Stars.module.css";

const BEST = 5;

/** A mark out of five; the words say it, the stars only show it. */
export const Stars: FC<{ score: number; label: string }> = ({ score, label }) => (
  <span className={css.stars} role="img" aria-label={label} title={label}>
    <span className={css.on}>{"★".repeat(score)}</span>
    <span className={css.off}>{"☆".repeat(Math.max(0, BEST - score))}</span>
  </span>
);

import type { FC } from "react";
import css from "./Progress.module.css";

type Props = { value: number; max: number; label: string };

/** How far something is that has an end. */
export const Progress: FC<Props> = ({ value, max, label }) => (
  <progress className={css.bar} value={Math.min(value, max)} max={max} aria-label={label} />
);

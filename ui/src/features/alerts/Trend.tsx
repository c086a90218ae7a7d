import type { FC } from "react";
import css from "./Trend.module.css";

type Props = {
  levels: readonly number[];
  limit: number;
  label: string;
  width?: number;
  height?: number;
};

const EDGE = 2;

/** The course of a number against its limit. It says nothing that is not in words beside it. */
export const Trend: FC<Props> = ({ levels, limit, label, width = 112, height = 40 }) => {
  if (levels.length < 2) return null;
  const top = Math.max(limit, ...levels);
  const bottom = Math.min(limit, ...levels);
  const span = top - bottom || 1;
  const y = (level: number) => (EDGE + ((top - level) / span) * (height - 2 * EDGE)).toFixed(1);
  const x = (n: number) => ((n / (levels.length - 1)) * width).toFixed(1);
  const line = levels.map((level, n) => `${n === 0 ? "M" : "L"}${x(n)} ${y(level)}`).join("");
  return (
    <svg
      className={css.trend}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <path className={css.limit} d={`M0 ${y(limit)}H${width}`} />
      <path d={line} />
    </svg>
  );
};

import type { FC } from "react";
import css from "./Spark.module.css";

const WIDTH = 96;
const HEIGHT = 24;
const PAD = 3;

/** The way of a number, without a scale; gaps stay gaps. */
export const Spark: FC<{ values: readonly (number | null)[] }> = ({ values }) => {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const y = (value: number) => HEIGHT - PAD - ((value - low) / span) * (HEIGHT - 2 * PAD);
  const parts: string[][] = [[]];
  for (const [at, value] of values.entries())
    if (value === null) parts.push([]);
    else parts.at(-1)?.push(`${(at * step).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <svg
      className={css.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {parts
        .filter((points) => points.length > 1)
        .map((points) => (
          <polyline key={points[0]} points={points.join(" ")} />
        ))}
    </svg>
  );
};

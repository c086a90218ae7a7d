import type { FC } from "react";
import { cx } from "./cx";
import css from "./SegmentBar.module.css";

export type Segment = {
  key: string;
  /** Lengths relate to each other; a long pause may be drawn shorter than it was. */
  length: number;
  tone: "counted" | "paused" | "closed" | "over" | "left";
  title: string;
};

const WIDE = 1_000;
/** Whatever there is can be seen. */
const LEAST = 8;

/** Parts of a time, side by side; each says what it is when pointed at. */
export const SegmentBar: FC<{ label: string; segments: readonly Segment[] }> = ({
  label,
  segments,
}) => {
  const whole = Math.max(
    1,
    segments.reduce((sum, { length }) => sum + length, 0),
  );
  const widths = segments.map(({ length }) => Math.max(LEAST, (length / whole) * WIDE));
  const drawn = widths.reduce((sum, width) => sum + width, 0);
  let at = 0;
  return (
    <svg
      className={css.bar}
      viewBox={`0 0 ${WIDE} 8`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {segments.map(({ key, tone, title }, place) => {
        const width = ((widths[place] ?? 0) / drawn) * WIDE;
        const x = at;
        at += width;
        return (
          <rect
            key={key}
            className={cx(css.part, css[tone])}
            x={x}
            width={Math.max(1, width - 2)}
            height="8"
          >
            <title>{title}</title>
          </rect>
        );
      })}
    </svg>
  );
};

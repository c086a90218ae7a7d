import type { FC, ReactNode } from "react";
import { cx } from "./cx";
import css from "./Ring.module.css";

export type RingTone = "ok" | "soon" | "breached" | "paused";
const ROUND = 37.7;

/** A ring that fills from 0 to 1. */
const Ring: FC<{ value: number; tone: RingTone }> = ({ value, tone }) => (
  <svg className={cx(css.ring, css[tone])} viewBox="0 0 16 16" aria-hidden="true">
    <circle className={css.track} cx="8" cy="8" r="6" />
    <circle
      className={css.value}
      cx="8"
      cy="8"
      r="6"
      strokeDasharray={`${(Math.min(1, Math.max(0, value)) * ROUND).toFixed(1)} ${ROUND}`}
    />
  </svg>
);

type Props = {
  tone?: RingTone;
  value?: number | undefined;
  className?: string | undefined;
  children: ReactNode;
};

/** A running promise: ring and words, never colour alone. Without a value there are only the words. */
export const RingText: FC<Props> = ({ tone = "ok", value, className, children }) => (
  <span className={cx(css.sla, css[`sla_${tone}`], className)}>
    {value !== undefined && <Ring value={value} tone={tone} />}
    {children}
  </span>
);

/** How sure, 0 to 1: a bar and a number out of 100. */
export const ConfidenceBar: FC<{ value: number; label: string }> = ({ value, label }) => {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  const tone = percent >= 85 ? "sure" : percent >= 60 ? "mid" : "low";
  return (
    <span className={cx(css.conf, css[tone])} role="img" aria-label={label}>
      <svg viewBox="0 0 40 4" aria-hidden="true">
        <rect className={css.barTrack} width="40" height="4" rx="2" />
        <rect className={css.bar} width={percent * 0.4} height="4" rx="2" />
      </svg>
      <span aria-hidden="true">{percent}</span>
    </span>
  );
};

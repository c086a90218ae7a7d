import { type FC, type KeyboardEvent, type PointerEvent, useState } from "react";
import { cx } from "./cx";
import css from "./Splitter.module.css";

type Props = {
  label: string;
  value: number;
  min: number;
  max: number;
  /** The pane that it sizes: before or after the line. */
  side: "before" | "after";
  onChange: (value: number) => void;
  onReset: () => void;
};

/** A line between panes: drag, arrow keys, double click for the first size. */
export const Splitter: FC<Props> = ({ label, value, min, max, side, onChange, onReset }) => {
  const [from, setFrom] = useState<{ x: number; value: number } | null>(null);
  const sign = side === "before" ? 1 : -1;
  const clamp = (next: number) => Math.round(Math.min(max, Math.max(min, next)));
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setFrom({ x: event.clientX, value });
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (from) onChange(clamp(from.value + sign * (event.clientX - from.x)));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    onChange(clamp(value + sign * step));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr takes no keys; a focusable separator is the pattern for splitters
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={cx(css.handle, from && css.active)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => setFrom(null)}
      onPointerCancel={() => setFrom(null)}
      onDoubleClick={onReset}
      onKeyDown={onKeyDown}
    />
  );
};

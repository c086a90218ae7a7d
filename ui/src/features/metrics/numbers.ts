import type { TFunction } from "i18next";
import type { Metric } from "@/ipc/generated/Metric";
import type { MetricValue } from "@/ipc/generated/MetricValue";

/** Nothing was counted. */
export const NOTHING = "–";
const MINUS = "−";

/** A share with one digit, `91.4%`. Nearly all is not all, and next to nothing is not nothing. */
export function shareText(share: number): string {
  const percent = Math.round(share * 1_000) / 10;
  const honest = share < 1 && percent >= 100 ? 99.9 : share > 0 && percent <= 0 ? 0.1 : percent;
  return `${honest === 100 ? "100" : honest.toFixed(1)}%`;
}

/** A length of time, `1:52` in minutes and seconds, `1:05:20` from an hour on. */
export function clockText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const HOUR = 3_600_000;
/** Steps of a scale of time in ms, of which it has five at most. */
const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200].map((s) => s * 1_000);
const MOST_STEPS = 5;

/** The finest step by which a scale up to so many ms can still be read. */
export function clockStep(most: number): number {
  const step = STEPS.find((each) => most <= each * MOST_STEPS);
  return step ?? Math.ceil(most / MOST_STEPS / HOUR) * HOUR;
}

export const countText = (n: number): string => n.toLocaleString("en-US");

/** A value as a number to draw; none where nothing was counted. */
export function amount(value: MetricValue | undefined): number | null {
  switch (value?.kind) {
    case "share":
      return value.whole === 0 ? null : value.part / value.whole;
    case "time":
      return value.ms;
    case "count":
      return value.n;
    default:
      return null;
  }
}

/** What is drawn, in the words of its kind. */
export function amountText(kind: MetricValue["kind"], n: number): string {
  if (kind === "share") return shareText(n);
  return kind === "time" ? clockText(n) : countText(n);
}

export function valueText(value: MetricValue | undefined): string {
  const n = amount(value);
  return n === null || value === undefined ? NOTHING : amountText(value.kind, n);
}

/** From how many it was made; a count is made of itself. */
export function sampleOf(value: MetricValue): number {
  switch (value.kind) {
    case "share":
      return value.whole;
    case "time":
      return value.of;
    case "count":
      return value.n;
  }
}

const signed = (n: number, text: string): string =>
  n === 0 ? "±0" : `${n > 0 ? "+" : MINUS}${text}`;

/** A relative change, `+6%`; of none an amount. */
export function growthText(now: number, before: number): string {
  if (before === 0) return signed(now, countText(now));
  const percent = Math.round(((now - before) / before) * 100);
  return percent === 0 ? "±0%" : signed(percent, `${countText(Math.abs(percent))}%`);
}

/**
 * How a value differs from the one before: shares in points, times in time, counts in percent. Empty
 * where one of them is not known.
 */
export function differenceText(
  t: TFunction,
  now: MetricValue,
  before: MetricValue | null | undefined,
): string {
  const [a, b] = [amount(now), amount(before ?? undefined)];
  if (a === null || b === null || now.kind !== before?.kind) return "";
  switch (now.kind) {
    case "share": {
      const points = Math.round((a - b) * 1_000) / 10;
      return t("metrics.points", { n: signed(points, Math.abs(points).toFixed(1)) });
    }
    case "time": {
      const whole = Math.round(a / 1_000) - Math.round(b / 1_000);
      return signed(whole, clockText(Math.abs(whole) * 1_000));
    }
    case "count":
      return growthText(a, b);
  }
}

/** A value of a list that has one for each number. */
export const pick = <T extends { metric: Metric }>(
  list: readonly T[] | undefined,
  metric: Metric,
): T | undefined => list?.find((each) => each.metric === metric);

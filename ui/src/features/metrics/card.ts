import type { TFunction } from "i18next";
import type { Metric } from "@/ipc/generated/Metric";
import { isBeyond } from "./limits";
import { amount, amountText, differenceText, pick, sampleOf, valueText } from "./numbers";
import type { Shown } from "./useBoard";

/** The numbers on cards, in their order. */
export const CARDS = [
  "volume",
  "auto_response",
  "coverage",
  "failure",
  "first_response_p50",
  "handling",
  "first_contact",
  "satisfaction",
  "backlog",
  "sla_breach",
] as const satisfies readonly Metric[];

type CardText = {
  name: string;
  figure: string;
  /** Drawn smaller than its figure. */
  unit: string;
  /** What belongs to it. */
  beside: string;
  before: string;
  difference: string;
  /** What a rule lets it come to; empty without one. */
  bound: string;
  /** Whether it is beyond that. */
  isBeyond: boolean;
};

/** What a card says. */
export function cardOf(t: TFunction, shown: Shown, metric: Metric): CardText | null {
  const { board } = shown;
  const card = pick(board?.cards, metric);
  if (!card) return null;
  const whole = valueText(card.now);
  const bound = shown.bounds[metric];
  const unit = whole.endsWith("%") ? "%" : "";
  const beside = besideOf(shown, metric, t);
  const before =
    card.before && amount(card.before) !== null
      ? t("metrics.beforeValue", {
          when: t(`metrics.before.${shown.period}`),
          value: valueText(card.before),
        })
      : "";
  return {
    name: t(`metrics.name.${metric}`),
    figure: unit ? whole.slice(0, -1) : whole,
    unit,
    beside,
    before,
    difference: differenceText(t, card.now, card.before),
    bound: bound
      ? t("metrics.bound", { value: amountText(card.now.kind, bound.value).replace(".0%", "%") })
      : "",
    isBeyond: isBeyond(card.now, bound),
  };
}

/** What belongs to a number: its other percentile, from how many it is made. */
function besideOf({ board }: Shown, metric: Metric, t: TFunction): string {
  const now = (of: Metric) => pick(board?.cards, of)?.now;
  const part = (of: Metric, key: "metrics.p90" | "metrics.queued") =>
    amount(now(of)) === null ? "" : t(key, { value: valueText(now(of)) });
  switch (metric) {
    case "first_response_p50":
      return part("first_response_p90", "metrics.p90");
    case "backlog":
      return part("queue", "metrics.queued");
    case "satisfaction": {
      const value = now("satisfaction");
      return value && sampleOf(value) > 0 ? t("metrics.marks", { n: sampleOf(value) }) : "";
    }
    default:
      return "";
  }
}

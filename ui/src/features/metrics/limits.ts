import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { Measure } from "@/ipc/generated/Measure";
import type { Metric } from "@/ipc/generated/Metric";
import type { MetricValue } from "@/ipc/generated/MetricValue";
import { amount, sampleOf } from "./numbers";

/**
 * A value from which on a rule raises an alert, as charts count: shares, ms, or how many; it says
 * nothing of fewer than `least`.
 */
export type Bound = { value: number; isAbove: boolean; least: number };
export type Bounds = Partial<Record<Metric, Bound>>;

/** Rules and numbers that speak of the same, and how many parts of a rule's level make one. */
const SAME: Partial<Record<Measure, { metric: Metric; parts: number }>> = {
  response_failure: { metric: "failure", parts: 10_000 },
  satisfaction: { metric: "satisfaction", parts: 10_000 },
  first_response: { metric: "first_response_p90", parts: 1 / 1_000 },
  backlog: { metric: "backlog", parts: 1 },
};

/** What the rules in force let the numbers of a group, or of all, come to: the strictest of each. */
export function boundsOf(rules: readonly AlertRuleView[], group: GroupId | null): Bounds {
  const bounds: Bounds = {};
  for (const { draft } of rules) {
    const { condition, measure } = draft;
    const same = SAME[measure];
    const isOfThis = draft.group_id === null || draft.group_id === group;
    if (!draft.enabled || !same || !isOfThis) continue;
    if (condition.kind !== "above" && condition.kind !== "below") continue;
    const isAbove = condition.kind === "above";
    const value = condition.limit / same.parts;
    const known = bounds[same.metric];
    const isStricter = !known || (isAbove ? value < known.value : value > known.value);
    if (isStricter) bounds[same.metric] = { value, isAbove, least: draft.min_count };
  }
  return bounds;
}

/** Whether a value is beyond it, made of enough. */
export function isBeyond(value: MetricValue, bound: Bound | undefined): boolean {
  const n = amount(value);
  if (!bound || n === null) return false;
  if (value.kind !== "count" && sampleOf(value) < bound.least) return false;
  return bound.isAbove ? n > bound.value : n < bound.value;
}

import type { Condition } from "@/ipc/generated/Condition";
import type { MeasureView } from "@/ipc/generated/MeasureView";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import type { Unit } from "@/ipc/generated/Unit";

/** What is written in place of a level: percent instead of basis points. */
export const toField = (unit: Unit, level: number): number =>
  unit === "basis_points" ? level / 100 : level;
export const fromField = (unit: Unit, value: number): number =>
  Math.round(unit === "basis_points" ? value * 100 : value);

/** Levels to begin from, where there is no better guess. */
const FIRST: Record<Unit, { limit: number; clear: number }> = {
  basis_points: { limit: 1_000, clear: 800 },
  count: { limit: 50, clear: 40 },
  seconds: { limit: 120, clear: 90 },
};

/** A condition of a kind for a number, as far as the one before says it already. */
export function conditionOf(kind: Condition["kind"], before: Condition, unit: Unit): Condition {
  const { limit, clear } = FIRST[unit];
  switch (kind) {
    case "above":
      return before.kind === "below"
        ? { kind, limit: before.limit, clear: before.limit }
        : { kind, limit, clear };
    case "below":
      return before.kind === "above"
        ? { kind, limit: before.limit, clear: before.limit }
        : { kind, limit: clear, clear: limit };
    case "absent":
      return { kind };
    case "change":
      return { kind, direction: "up", by_percent: 50, clear_percent: 25, days: 7 };
  }
}

/** A draft with another number: what that one cannot have goes. */
export function withMeasure(draft: RuleDraft, before: Unit, measure: MeasureView): RuleDraft {
  const stays = before === measure.unit;
  const kind =
    measure.is_gauge && (draft.condition.kind === "absent" || draft.condition.kind === "change")
      ? "above"
      : draft.condition.kind;
  const keeps = stays && kind === draft.condition.kind;
  return {
    ...draft,
    measure: measure.measure,
    group_id: measure.is_by_group ? draft.group_id : null,
    condition: keeps ? draft.condition : conditionOf(kind, { kind: "absent" }, measure.unit),
  };
}

/** A rule to begin from. */
export const newRule = (name: string): RuleDraft => ({
  name,
  enabled: true,
  measure: "response_failure",
  group_id: null,
  condition: { kind: "above", ...FIRST.basis_points },
  window_min: 15,
  min_count: 20,
  for_min: 0,
  severity: "warning",
  to: "leads",
  by: [],
  escalation: [],
  quiet: null,
  rest_min: 60,
});

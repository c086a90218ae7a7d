import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/ipc/generated/Condition";
import type { MeasureView } from "@/ipc/generated/MeasureView";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import type { RuleProblem } from "@/ipc/generated/RuleProblem";
import { ChoiceField } from "@/kit/FormField";
import { NumberField } from "@/kit/NumberField";
import css from "../Fields.module.css";
import { conditionOf, fromField, toField } from "./draft";

const KINDS = [
  "above",
  "below",
  "absent",
  "change",
] as const satisfies readonly Condition["kind"][];

type Props = {
  draft: RuleDraft;
  measure: MeasureView;
  set: (change: Partial<RuleDraft>) => void;
  problem: (problem: RuleProblem) => string | undefined;
};

/** When the number is bad, and when it is good again. */
export const ConditionFields: FC<Props> = ({ draft, measure, set, problem }) => {
  const { t } = useTranslation();
  const { condition, window_min, min_count, for_min } = draft;
  const { unit, is_gauge } = measure;
  const kinds = KINDS.filter((kind) => !is_gauge || kind === "above" || kind === "below");
  const unitText = t(`alerts.unit.${unit}`);
  const minutes = t("alerts.minutes");
  const change = (next: Condition) => set({ condition: next });
  const step = unit === "basis_points" ? 0.1 : 1;
  return (
    <>
      <div className={css.row}>
        <ChoiceField
          label={t("alerts.field.kind")}
          value={condition.kind}
          items={kinds.map((id) => ({ id, label: t(`alerts.kind.${id}`) }))}
          error={problem("condition")}
          onChoose={(id) => {
            const kind = kinds.find((each) => each === id);
            if (kind) change(conditionOf(kind, condition, unit));
          }}
          data-testid="rule-kind"
        />
        {(condition.kind === "above" || condition.kind === "below") && (
          <>
            <NumberField
              label={t("alerts.field.limit")}
              value={toField(unit, condition.limit)}
              unit={unitText}
              step={step}
              error={problem("level")}
              onChange={(value) => change({ ...condition, limit: fromField(unit, value) })}
              testId="rule-limit"
            />
            <NumberField
              label={t("alerts.field.clear")}
              value={toField(unit, condition.clear)}
              unit={unitText}
              step={step}
              error={problem("clear")}
              onChange={(value) => change({ ...condition, clear: fromField(unit, value) })}
              testId="rule-clear"
            />
          </>
        )}
        {condition.kind === "change" && (
          <ChoiceField
            label={t("alerts.field.direction")}
            value={condition.direction}
            items={[
              { id: "up", label: t("alerts.direction.up") },
              { id: "down", label: t("alerts.direction.down") },
            ]}
            onChoose={(id) => change({ ...condition, direction: id === "down" ? "down" : "up" })}
          />
        )}
      </div>
      {condition.kind === "change" && (
        <div className={css.row}>
          <NumberField
            label={t("alerts.field.byPercent")}
            value={condition.by_percent}
            unit="%"
            error={problem("level")}
            onChange={(by_percent) => change({ ...condition, by_percent })}
          />
          <NumberField
            label={t("alerts.field.clearPercent")}
            value={condition.clear_percent}
            unit="%"
            error={problem("clear")}
            onChange={(clear_percent) => change({ ...condition, clear_percent })}
          />
          <NumberField
            label={t("alerts.field.days")}
            value={condition.days}
            unit={t("alerts.days")}
            min={1}
            max={14}
            onChange={(days) => change({ ...condition, days })}
          />
        </div>
      )}
      <div className={css.row}>
        {!is_gauge && (
          <NumberField
            label={t("alerts.field.window")}
            value={window_min}
            unit={minutes}
            min={1}
            max={1_440}
            error={problem("window")}
            onChange={(value) => set({ window_min: value })}
            testId="rule-window"
          />
        )}
        {!is_gauge && condition.kind !== "absent" && (
          <NumberField
            label={t("alerts.field.minCount")}
            value={min_count}
            unit={t("alerts.items")}
            onChange={(value) => set({ min_count: value })}
          />
        )}
        <NumberField
          label={t("alerts.field.for")}
          value={for_min}
          unit={minutes}
          max={1_440}
          error={is_gauge ? problem("window") : undefined}
          onChange={(value) => set({ for_min: value })}
        />
      </div>
    </>
  );
};

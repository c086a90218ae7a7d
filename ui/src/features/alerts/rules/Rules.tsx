import type { TFunction } from "i18next";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useAlertRules } from "@/ipc/alerts";
import type { AlertRulesView } from "@/ipc/generated/AlertRulesView";
import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import { EditedList, type EditedRow } from "@/kit/EditedList";
import { EmptyState } from "@/kit/EmptyState";
import { Signal } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import { useRoutes } from "@/routes";
import { SEVERITY_ICONS, SEVERITY_LOOKS } from "../words";
import { RuleEditor } from "./RuleEditor";
import { conditionText } from "./sentence";

/** The rules, and the one that is being edited. */
export const Rules: FC = () => {
  const { t, i18n } = useTranslation();
  const { data, error } = useAlertRules();
  const { rule, editRule } = useRoutes();
  const mayAdd = data?.may_manage_all ?? false;
  useAction("alertRuleNew", () => editRule("new"), mayAdd);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return null;
  const chosen = data.rules.find(({ id }) => id === rule);
  return (
    <EditedList
      label={t("alerts.tab.rules")}
      count={t("alerts.ruleCount", { n: data.rules.length })}
      add={
        mayAdd && {
          label: t("alerts.newRule"),
          keys: keyText("alertRuleNew"),
          act: () => editRule("new"),
        }
      }
      rows={data.rules.map((each) => rowOf(t, each, data, i18n.language))}
      chosen={chosen?.id ?? null}
      onChoose={editRule}
      testId="rule"
    >
      {rule === "new" || chosen ? (
        <RuleEditor key={chosen?.id ?? "new"} rule={chosen} view={data} />
      ) : (
        <EmptyState icon="bell" title={t("alerts.chooseRule")} text={t("alerts.chooseRuleText")} />
      )}
    </EditedList>
  );
};

function rowOf(
  t: TFunction,
  { id, draft, group, open_alert, is_pending }: AlertRuleView,
  view: AlertRulesView,
  language: string,
): EditedRow {
  const unit = view.measures.find(({ measure }) => measure === draft.measure)?.unit ?? "count";
  return {
    id,
    name: draft.name,
    note: [group, conditionText(t, draft, unit, language)]
      .filter((part) => part !== "")
      .join(t("app.comma")),
    marks: [
      ...(open_alert ? [{ label: t("alerts.isFiring"), tone: "danger" as const }] : []),
      ...(draft.enabled ? [] : [{ label: t("alerts.isOff") }]),
      ...(is_pending ? [{ label: t("alerts.isPending"), tone: "warning" as const }] : []),
    ],
    signal: (
      <Signal
        icon={draft.enabled ? SEVERITY_ICONS[draft.severity] : "mute"}
        tone={draft.enabled ? SEVERITY_LOOKS[draft.severity] : "quiet"}
      />
    ),
    isOff: !draft.enabled,
  };
}

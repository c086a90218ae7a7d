import type { FC, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AlertRulesView } from "@/ipc/generated/AlertRulesView";
import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import type { RuleProblem } from "@/ipc/generated/RuleProblem";
import { Editor } from "@/kit/Editor";
import { Switch } from "@/kit/Field";
import { ChoiceField, LineField } from "@/kit/FormField";
import { Notice } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { EditFoot } from "@/parts/EditFoot";
import fields from "../Fields.module.css";
import { SEVERITIES } from "../words";
import { ConditionFields } from "./ConditionFields";
import { withMeasure } from "./draft";
import { Preview } from "./Preview";
import css from "./RuleEditor.module.css";
import { sentences } from "./sentence";
import { TellFields } from "./TellFields";
import { useRule } from "./useRule";

type Props = { rule: AlertRuleView | undefined; view: AlertRulesView };

/** A rule as a form, in words, and by what it would have done. */
export const RuleEditor: FC<Props> = ({ rule, view }) => {
  const { t, i18n } = useTranslation();
  const edit = useRule(rule);
  const { draft, set } = edit;
  const editable = rule?.editable ?? true;
  const mayChange = editable && view.may_manage_all;
  const measure = view.measures.find((each) => each.measure === draft.measure);
  if (!measure) return null;
  const problem = (which: RuleProblem) =>
    edit.shownProblems.includes(which) ? t(`alerts.problem.${which}`) : undefined;
  const group = view.groups.find(({ id }) => id === draft.group_id)?.name ?? rule?.group ?? "";
  const said = sentences(
    t,
    draft,
    { unit: measure.unit, isGauge: measure.is_gauge, group },
    i18n.language,
  );
  return (
    <Editor
      label={rule ? draft.name : t("alerts.newRule")}
      className={css.sides}
      foot={
        mayChange && (
          <EditFoot
            edit={edit}
            action="alertRuleSave"
            removal={
              rule && {
                label: t("alerts.remove"),
                title: t("alerts.removeTitle", { name: draft.name }),
                text: t("alerts.removeText"),
              }
            }
            onCancel={edit.cancel}
            testId="rule"
          />
        )
      }
      testId="rule-editor"
    >
      <fieldset className={css.form} disabled={!mayChange}>
        {!mayChange && <Notice icon="lock">{t("alerts.readOnly")}</Notice>}
        <Part title={t("alerts.part.what")}>
          <LineField
            label={t("alerts.field.name")}
            value={draft.name}
            required
            error={problem("no_name") ?? problem("long_name")}
            onChange={(event) => set({ name: event.currentTarget.value })}
            data-testid="rule-name"
          />
          <div className={fields.row}>
            <ChoiceField
              label={t("alerts.field.measure")}
              value={draft.measure}
              items={view.measures.map(({ measure: id }) => ({
                id,
                label: t(`alerts.measure.${id}`),
              }))}
              onChoose={(id) => {
                const next = view.measures.find((each) => each.measure === id);
                if (next) edit.replace(withMeasure(draft, measure.unit, next));
              }}
              data-testid="rule-measure"
            />
            <ChoiceField
              label={t("alerts.field.group")}
              value={draft.group_id ?? ""}
              disabled={!measure.is_by_group}
              items={[
                { id: "", label: t("alerts.wholeOrganisation") },
                ...view.groups.map(({ id, name }) => ({ id, label: name })),
              ]}
              error={problem("group")}
              onChoose={(id) => set({ group_id: id || null })}
            />
          </div>
        </Part>
        <Part title={t("alerts.part.when")}>
          <ConditionFields draft={draft} measure={measure} set={set} problem={problem} />
        </Part>
        <Part title={t("alerts.part.whom")}>
          <div className={css.severity}>
            <Segments
              label={t("alerts.field.severity")}
              value={draft.severity}
              onChange={(severity) => set({ severity })}
              items={SEVERITIES.map((id) => ({ id, label: t(`alerts.severity.${id}`) }))}
            />
            <span className="grow" />
            <span className="small soft">{t("alerts.field.enabled")}</span>
            <Switch
              label={t("alerts.field.enabled")}
              checked={draft.enabled}
              onChange={(enabled) => set({ enabled })}
              testId="rule-enabled"
            />
          </div>
          <TellFields draft={draft} set={set} problem={problem} />
        </Part>
      </fieldset>
      <aside className={css.side} aria-label={t("alerts.part.said")}>
        <h3>{t("alerts.part.said")}</h3>
        <ul className={css.said} data-testid="rule-sentence">
          {said.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <Preview draft={draft} unit={measure.unit} fit={edit.problems.every(isName)} />
      </aside>
    </Editor>
  );
};

/** A name is still to be written: the past can be looked at all the same. */
const isName = (problem: RuleProblem): boolean => problem === "no_name";

const Part: FC<{ title: string; children: ReactNode }> = ({ title, children }) => (
  <section className={css.part} aria-label={title}>
    <h3>{title}</h3>
    <div className={fields.stack}>{children}</div>
  </section>
);

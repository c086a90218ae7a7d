import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { QaRulesView } from "@/ipc/generated/QaRulesView";
import type { QaRuleView } from "@/ipc/generated/QaRuleView";
import type { SampleDraft } from "@/ipc/generated/SampleDraft";
import type { SampleProblem } from "@/ipc/generated/SampleProblem";
import { useRuleCheck } from "@/ipc/quality";
import { Editor } from "@/kit/Editor";
import { Switch } from "@/kit/Field";
import { ChoiceField, LineField } from "@/kit/FormField";
import { Notice } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { useDebounced } from "@/lib/useDebounced";
import { EditFoot } from "@/parts/EditFoot";
import { useEdit } from "@/parts/useEdit";
import css from "../Editor.module.css";
import { ByFields } from "./ByFields";
import { byOf, byText, KINDS, newRule } from "./sample";

const CHECK_AFTER_MS = 250;

type Props = {
  rule: QaRuleView | undefined;
  view: QaRulesView;
  onChange: () => void;
  onEnd: (id: string | null) => void;
};

/** A sampling rule: which conversations, of whom, by which form; said in words below. */
export const RuleEditor: FC<Props> = ({ rule, view, onChange, onEnd }) => {
  const { t } = useTranslation();
  const forms = view.forms.filter(({ id, enabled }) => enabled || id === rule?.draft.form_id);
  const edit = useEdit({
    known: rule,
    fresh: () => newRule(forms[0]?.id ?? ""),
    check: (draft) => call("quality.rule_check", draft),
    save: (changed) => call("quality.rule_save", changed),
    remove: (rule_id) => call("quality.rule_remove", { rule_id }),
    saved: (name) => t("quality.saved", { name }),
    removed: (name) => t("quality.removed", { name }),
    stale: ["quality"],
    onEnd,
  });
  const { draft } = edit;
  const set = (change: Partial<SampleDraft>) => {
    onChange();
    edit.set(change);
  };
  const problems = useRuleCheck(useDebounced(draft, CHECK_AFTER_MS)).data?.problems ?? [];
  const problem = (which: SampleProblem) =>
    problems.includes(which) && (edit.tried || (which !== "no_name" && which !== "words"))
      ? t(`quality.ruleProblem.${which}`)
      : undefined;
  const mayManage = view.may_manage;
  const group = view.groups.find(({ id }) => id === draft.group_id)?.name;
  return (
    <Editor
      label={rule ? rule.draft.name : t("quality.newRule")}
      foot={
        mayManage && (
          <EditFoot
            edit={edit}
            action="qualitySave"
            removal={
              rule && {
                label: t("quality.remove"),
                title: t("quality.removeTitle", { name: draft.name }),
                text: t("quality.removeText"),
              }
            }
            onCancel={rule ? undefined : () => onEnd(null)}
            testId="quality-rule"
          />
        )
      }
      testId="quality-rule-editor"
    >
      <fieldset className={css.form} disabled={!mayManage}>
        {!mayManage && <Notice icon="lock">{t("quality.readOnly")}</Notice>}
        <LineField
          label={t("quality.ruleName")}
          value={draft.name}
          required
          error={problem("no_name") ?? problem("long_name")}
          onChange={(event) => set({ name: event.currentTarget.value })}
          data-testid="quality-rule-name"
        />
        <div>
          <Segments
            label={t("quality.sampleBy")}
            value={draft.by.kind}
            onChange={(kind) => set({ by: byOf(kind) })}
            items={KINDS.map((id) => ({ id, label: t(`quality.kind.${id}`) }))}
          />
        </div>
        <ByFields by={draft.by} onChange={(by) => set({ by })} problem={problem} />
        <div className={css.row}>
          <ChoiceField
            label={t("quality.ofGroup")}
            value={draft.group_id ?? ""}
            items={[
              { id: "", label: t("quality.allGroups") },
              ...view.groups.map(({ id, name }) => ({ id, label: name })),
            ]}
            onChoose={(id) => set({ group_id: id || null })}
          />
          <ChoiceField
            label={t("quality.byForm")}
            value={draft.form_id}
            items={forms.map(({ id, name }) => ({ id, label: name }))}
            onChoose={(form_id) => set({ form_id })}
          />
        </div>
        <div className={css.onOff}>
          <Switch
            label={t("quality.inUse")}
            checked={draft.enabled}
            onChange={(enabled) => set({ enabled })}
          />
          <span>{t("quality.inUse")}</span>
        </div>
        <p className={css.said} data-testid="quality-rule-said">
          {t("quality.ruleSaid", {
            group: group ?? t("quality.allGroups"),
            by: byText(t, draft.by),
            form: forms.find(({ id }) => id === draft.form_id)?.name ?? "",
          })}
        </p>
      </fieldset>
    </Editor>
  );
};

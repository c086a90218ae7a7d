import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { call } from "@/ipc/call";
import type { QaRulesView } from "@/ipc/generated/QaRulesView";
import type { QaRuleView } from "@/ipc/generated/QaRuleView";
import type { SampleProblem } from "@/ipc/generated/SampleProblem";
import { useRuleCheck } from "@/ipc/quality";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Switch } from "@/kit/Field";
import { ChoiceField, LineField } from "@/kit/FormField";
import { Notice } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { useDebounced } from "@/lib/useDebounced";
import css from "../Editor.module.css";
import { useEdit } from "../useEdit";
import { ByFields } from "./ByFields";
import { byOf, byText, KINDS, newRule } from "./sample";

const CHECK_AFTER_MS = 250;

type Props = {
  rule: QaRuleView | undefined;
  view: QaRulesView;
  onEnd: (id: string | null) => void;
};

/** A sampling rule: which conversations, of whom, by which form; said in words below. */
export const RuleEditor: FC<Props> = ({ rule, view, onEnd }) => {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const forms = view.forms.filter(({ id, enabled }) => enabled || id === rule?.draft.form_id);
  const edit = useEdit(
    rule,
    () => newRule(forms[0]?.id ?? ""),
    () => onEnd(edit.id),
  );
  const { draft, set } = edit;
  const problems = useRuleCheck(useDebounced(draft, CHECK_AFTER_MS)).data?.problems ?? [];
  const problem = (which: SampleProblem) =>
    problems.includes(which) && (edit.tried || (which !== "no_name" && which !== "words"))
      ? t(`quality.ruleProblem.${which}`)
      : undefined;
  const mayManage = view.may_manage;
  const save = async () => {
    edit.setTried(true);
    // What is on the screen counts, not what was checked a moment ago.
    const check = await call("quality.rule_check", draft).catch(() => undefined);
    if (check && check.problems.length > 0) return;
    await edit.end(
      () => call("quality.rule_save", { id: edit.id, base: edit.base, draft }),
      t("quality.saved", { name: draft.name.trim() }),
    );
  };
  const remove = () =>
    edit.end(
      () => call("quality.rule_remove", { rule_id: edit.id }).then(() => setRemoving(false)),
      t("quality.removed", { name: draft.name }),
    );
  useAction("qualitySave", () => void save(), mayManage && edit.isChanged && !edit.busy);
  const group = view.groups.find(({ id }) => id === draft.group_id)?.name;
  return (
    <section
      className={css.editor}
      aria-label={rule ? rule.draft.name : t("quality.newRule")}
      data-testid="quality-rule-editor"
    >
      <div className={`${css.scroller} scroll`}>
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
      </div>
      {mayManage && (
        <footer className={css.foot}>
          {rule && (
            <Button
              look="ghost"
              onClick={() => setRemoving(true)}
              data-testid="quality-rule-remove"
            >
              {t("quality.remove")}
            </Button>
          )}
          <span className="grow" />
          {!rule && <Button onClick={() => onEnd(null)}>{t("app.cancel")}</Button>}
          <Button
            look="primary"
            keys={keyText("qualitySave")}
            busy={edit.busy}
            disabled={!edit.isChanged}
            onClick={() => void save()}
            data-testid="quality-rule-save"
          >
            {t("app.save")}
          </Button>
        </footer>
      )}
      <Dialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={t("quality.removeTitle", { name: draft.name })}
        text={t("quality.removeText")}
        foot={
          <>
            <Button onClick={() => setRemoving(false)}>{t("app.cancel")}</Button>
            <Button
              look="danger"
              busy={edit.busy}
              onClick={() => void remove()}
              data-testid="quality-rule-removed"
            >
              {t("quality.remove")}
            </Button>
          </>
        }
      />
    </section>
  );
};

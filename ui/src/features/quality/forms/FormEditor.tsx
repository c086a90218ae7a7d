import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { FormDraft } from "@/ipc/generated/FormDraft";
import type { FormItem } from "@/ipc/generated/FormItem";
import type { FormProblem } from "@/ipc/generated/FormProblem";
import type { QaFormView } from "@/ipc/generated/QaFormView";
import { useFormCheck } from "@/ipc/quality";
import { Button } from "@/kit/Button";
import { Editor } from "@/kit/Editor";
import { Switch } from "@/kit/Field";
import { LineField } from "@/kit/FormField";
import { Notice } from "@/kit/Notice";
import { NumberField } from "@/kit/NumberField";
import { useDebounced } from "@/lib/useDebounced";
import { uuidv7 } from "@/lib/uuid";
import { EditFoot } from "@/parts/EditFoot";
import { useEdit } from "@/parts/useEdit";
import css from "../Editor.module.css";
import { FULL_TENTHS, MOST_ITEMS, moved, newForm, newItem, weightOf } from "./form";
import { ItemEditor } from "./ItemEditor";

const CHECK_AFTER_MS = 250;

type Props = {
  form: QaFormView | undefined;
  mayManage: boolean;
  onChange: () => void;
  onEnd: (id: string | null) => void;
};

/** A form: its name, from when on one has passed, and its items. */
export const FormEditor: FC<Props> = ({ form, mayManage, onChange, onEnd }) => {
  const { t } = useTranslation();
  const edit = useEdit({
    known: form,
    fresh: () => newForm(uuidv7()),
    check: (draft) => call("quality.form_check", draft),
    save: (changed) => call("quality.form_save", changed),
    saved: (name) => t("quality.saved", { name }),
    stale: ["quality"],
    onEnd,
  });
  const { draft } = edit;
  const set = (change: Partial<FormDraft>) => {
    onChange();
    edit.set(change);
  };
  const { items } = draft;
  const problems = useFormCheck(useDebounced(draft, CHECK_AFTER_MS)).data?.problems ?? [];
  const shown = problems.filter((each) => edit.tried || each !== "no_name");
  const problem = (which: FormProblem) =>
    shown.includes(which) ? t(`quality.formProblem.${which}`) : undefined;
  const put = (at: number, item: FormItem) =>
    set({ items: items.map((each, n) => (n === at ? item : each)) });
  const general = (["items", "key", "weight", "pass", "auto"] as const).flatMap(
    (each) => problem(each) ?? [],
  );
  return (
    <Editor
      label={form ? form.draft.name : t("quality.newForm")}
      foot={
        mayManage && (
          <EditFoot
            edit={edit}
            action="qualitySave"
            wrong={general.join(" ")}
            onCancel={form ? undefined : () => onEnd(null)}
            testId="quality-form"
          />
        )
      }
      testId="quality-form-editor"
    >
      <fieldset className={css.form} disabled={!mayManage}>
        {!mayManage && <Notice icon="lock">{t("quality.readOnly")}</Notice>}
        {form && form.n_rules > 0 && mayManage && edit.isChanged && (
          <Notice>{t("quality.formKept")}</Notice>
        )}
        <div className={css.row}>
          <LineField
            label={t("quality.formName")}
            value={draft.name}
            required
            error={problem("no_name") ?? problem("long_name")}
            onChange={(event) => set({ name: event.currentTarget.value })}
            data-testid="quality-form-name"
          />
          <NumberField
            label={t("quality.passFrom")}
            value={draft.pass_tenths / 10}
            unit={t("quality.points")}
            max={FULL_TENTHS / 10}
            error={problem("pass")}
            onChange={(points) => set({ pass_tenths: Math.round(points * 10) })}
          />
        </div>
        <div className={css.onOff}>
          <Switch
            label={t("quality.inUse")}
            checked={draft.enabled}
            onChange={(enabled) => set({ enabled })}
          />
          <span>{t("quality.inUse")}</span>
          <span className="grow" />
          <span className="small soft" data-testid="quality-form-weight">
            {t("quality.allWeights", { n: weightOf(draft) })}
          </span>
        </div>
        {items.map((item, at) => (
          <ItemEditor
            key={item.id}
            item={item}
            needsName={edit.tried && item.name.trim() === ""}
            onChange={(next) => put(at, next)}
            onUp={at > 0 ? () => set({ items: moved(items, at, -1) }) : undefined}
            onDown={at < items.length - 1 ? () => set({ items: moved(items, at, 1) }) : undefined}
            onDrop={() => set({ items: items.filter((_, n) => n !== at) })}
          />
        ))}
        {items.length < MOST_ITEMS && mayManage && (
          <p>
            <Button
              icon="plus"
              look="ghost"
              onClick={() =>
                set({ items: [...items, newItem(uuidv7(), items.at(-1)?.part ?? "")] })
              }
              data-testid="quality-item-add"
            >
              {t("quality.addItem")}
            </Button>
          </p>
        )}
      </fieldset>
    </Editor>
  );
};

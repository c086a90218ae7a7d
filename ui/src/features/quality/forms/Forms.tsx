import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useForms } from "@/ipc/quality";
import { Button } from "@/kit/Button";
import { ListDetail, ListRow, ListRows } from "@/kit/ListDetail";
import { Tag } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import css from "../Editor.module.css";
import { FormEditor } from "./FormEditor";

/** The forms that conversations are scored by, and the one that is being written. */
export const Forms: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useForms();
  const [open, setOpen] = useState<string | "new" | null>(null);
  const mayManage = data?.may_manage ?? false;
  useAction("qualityNew", () => setOpen("new"), mayManage);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return <div />;
  const chosen =
    open === "new" ? undefined : (data.forms.find(({ id }) => id === open) ?? data.forms[0]);
  return (
    <ListDetail
      label={t("quality.tab.forms")}
      bar={
        <>
          <span className="grow soft">{t("quality.nForms", { n: data.forms.length })}</span>
          {mayManage && (
            <Button
              icon="plus"
              title={keyText("qualityNew")}
              onClick={() => setOpen("new")}
              data-testid="quality-form-new"
            >
              {t("quality.newForm")}
            </Button>
          )}
        </>
      }
      list={
        <ListRows testId="quality-forms">
          {data.forms.map((form) => (
            <li key={form.id}>
              <ListRow
                isChosen={form.id === chosen?.id}
                aria-current={form.id === chosen?.id || undefined}
                onClick={() => setOpen(form.id)}
                data-testid="quality-form-row"
              >
                <span className={css.words}>
                  <span className={css.title}>
                    <span className="one strong">{form.draft.name}</span>
                    {!form.draft.enabled && <Tag>{t("quality.off")}</Tag>}
                    {form.is_pending && <Tag tone="warning">{t("quality.pending")}</Tag>}
                  </span>
                  <span className="one small soft">
                    {t("quality.formSum", {
                      n: form.draft.items.length,
                      weight: form.weight,
                      rules: form.n_rules,
                    })}
                  </span>
                </span>
              </ListRow>
            </li>
          ))}
        </ListRows>
      }
    >
      <FormEditor
        key={chosen ? `${chosen.id} ${chosen.edition}` : "new"}
        form={chosen}
        mayManage={mayManage}
        onEnd={(id) => setOpen(id)}
      />
    </ListDetail>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useForms } from "@/ipc/quality";
import { EditedList } from "@/kit/EditedList";
import { Notice } from "@/kit/Notice";
import { useChosen } from "../useChosen";
import { marksOf } from "../words";
import { FormEditor } from "./FormEditor";

/** The forms that conversations are scored by, and the one that is being written. */
export const Forms: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useForms();
  const mayManage = data?.may_manage ?? false;
  const { chosen, choose, end, keep, key } = useChosen(data?.forms, mayManage);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return <div />;
  return (
    <EditedList
      label={t("quality.tab.forms")}
      count={t("quality.nForms", { n: data.forms.length })}
      add={
        mayManage && {
          label: t("quality.newForm"),
          keys: keyText("qualityNew"),
          act: () => choose("new"),
        }
      }
      rows={data.forms.map((form) => ({
        id: form.id,
        name: form.draft.name,
        marks: marksOf(t, form),
        note: t("quality.formSum", {
          n: form.draft.items.length,
          weight: form.weight,
          rules: form.n_rules,
        }),
      }))}
      chosen={chosen?.id ?? null}
      onChoose={choose}
      testId="quality-form"
    >
      <FormEditor key={key} form={chosen} mayManage={mayManage} onChange={keep} onEnd={end} />
    </EditedList>
  );
};

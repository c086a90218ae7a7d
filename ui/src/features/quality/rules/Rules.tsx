import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { useRules } from "@/ipc/quality";
import { EditedList } from "@/kit/EditedList";
import { Notice } from "@/kit/Notice";
import { useChosen } from "../useChosen";
import { marksOf } from "../words";
import { RuleEditor } from "./RuleEditor";
import { byText } from "./sample";

/** The rules by which conversations are sampled, and the one that is being written. */
export const Rules: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useRules();
  const mayManage = data?.may_manage ?? false;
  const { chosen, choose, end, keep, key } = useChosen(data?.rules, mayManage);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return <div />;
  return (
    <EditedList
      label={t("quality.tab.rules")}
      count={t("quality.nRules", { n: data.rules.length })}
      add={
        mayManage && {
          label: t("quality.newRule"),
          keys: keyText("qualityNew"),
          act: () => choose("new"),
        }
      }
      rows={data.rules.map((rule) => ({
        id: rule.id,
        name: rule.draft.name,
        marks: marksOf(t, rule),
        note: [rule.group, byText(t, rule.draft.by)]
          .filter((part) => part !== "")
          .join(t("app.comma")),
      }))}
      chosen={chosen?.id ?? null}
      onChoose={choose}
      testId="quality-rule"
    >
      <RuleEditor key={key} rule={chosen} view={data} onChange={keep} onEnd={end} />
    </EditedList>
  );
};

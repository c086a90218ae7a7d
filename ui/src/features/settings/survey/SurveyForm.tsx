import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Inbox } from "@/ipc/generated/Inbox";
import type { SurveySettings } from "@/ipc/generated/SurveySettings";
import { Button } from "@/kit/Button";
import { Field, Switch } from "@/kit/Field";
import { Select } from "@/kit/Select";
import { Line } from "../Lines";
import { useConfigure } from "../routing/useConfigure";
import css from "./Survey.module.css";
import { AGAIN, DELAYS, MAX_QUESTION, off, REMINDERS, withOther } from "./spans";

const NEVER = "never";

/** How one source of messages asks. The switch holds at once, the rest when it is saved. */
export const SurveyForm: FC<{ inbox: Inbox }> = ({ inbox }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  const saved = inbox.survey ?? off;
  const [draft, setDraft] = useState(saved);
  const set = (change: Partial<SurveySettings>) => setDraft({ ...draft, ...change });
  const save = (survey: SurveySettings) =>
    void configure({ kind: "inbox_survey", inbox_id: inbox.id, survey });
  const words = (ms: number) => {
    if (ms < 60_000) return t("surveySettings.seconds", { n: ms / 1_000 });
    if (ms < 3_600_000) return t("surveySettings.minutes", { n: ms / 60_000 });
    if (ms < 86_400_000) return t("surveySettings.hours", { n: ms / 3_600_000 });
    return t("surveySettings.days", { n: ms / 86_400_000 });
  };
  const items = (known: readonly number[], current: number) =>
    withOther(known, current).map((ms) => ({ id: String(ms), label: words(ms) }));
  const tooLong = (text: string) =>
    [...text].length > MAX_QUESTION ? t("surveySettings.tooLong", { n: MAX_QUESTION }) : undefined;
  const isFit = !tooLong(draft.question) && !tooLong(draft.question_en);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved);

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isFit)
          save({
            ...draft,
            question: draft.question.trim(),
            question_en: draft.question_en.trim(),
          });
      }}
      data-testid="survey-form"
    >
      <Line label={t("surveySettings.on")} hint={t("surveySettings.onHint")}>
        <Switch
          label={t("surveySettings.onOf", { name: inbox.name })}
          checked={draft.on}
          onChange={(on) => {
            set({ on });
            save({ ...saved, on });
          }}
          testId="survey-on"
        />
      </Line>
      <Field
        label={t("surveySettings.question")}
        value={draft.question}
        placeholder={t("surveySettings.questionStandard")}
        error={tooLong(draft.question)}
        onChange={(event) => set({ question: event.currentTarget.value })}
      />
      <Field
        label={t("surveySettings.questionEn")}
        value={draft.question_en}
        placeholder="How satisfied are you with our service?"
        hint={t("surveySettings.questionHint")}
        error={tooLong(draft.question_en)}
        onChange={(event) => set({ question_en: event.currentTarget.value })}
      />
      <Line label={t("surveySettings.delay")} hint={t("surveySettings.delayHint")}>
        <Select
          label={t("surveySettings.delay")}
          value={String(draft.delay_ms)}
          onChange={(ms) => set({ delay_ms: Number(ms) })}
          items={items(DELAYS, draft.delay_ms)}
        />
      </Line>
      <Line label={t("surveySettings.remind")} hint={t("surveySettings.remindHint")}>
        <Select
          label={t("surveySettings.remind")}
          value={draft.remind_after_ms === null ? NEVER : String(draft.remind_after_ms)}
          onChange={(ms) => set({ remind_after_ms: ms === NEVER ? null : Number(ms) })}
          items={[
            { id: NEVER, label: t("surveySettings.never") },
            ...items(REMINDERS, draft.remind_after_ms ?? REMINDERS[0]),
          ]}
          testId="survey-remind"
        />
      </Line>
      <Line label={t("surveySettings.again")} hint={t("surveySettings.againHint")}>
        <Select
          label={t("surveySettings.again")}
          value={String(draft.again_after_ms)}
          onChange={(ms) => set({ again_after_ms: Number(ms) })}
          items={[
            { id: "0", label: t("surveySettings.always") },
            ...items(AGAIN, draft.again_after_ms).filter(({ id }) => id !== "0"),
          ]}
        />
      </Line>
      <div className={css.acts}>
        <Button
          type="submit"
          size="sm"
          look="primary"
          disabled={!isChanged || !isFit}
          data-testid="survey-save"
        >
          {t("surveySettings.save")}
        </Button>
      </div>
    </form>
  );
};

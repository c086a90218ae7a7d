import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { SurveyView } from "@/ipc/generated/SurveyView";
import { Stars } from "@/kit/Stars";
import { dateText, timeOfDay } from "@/lib/time";
import css from "./Block.module.css";

/** What the customer said of the conversation; nothing while they were not asked. */
export const Survey: FC<{ survey: SurveyView | undefined }> = ({ survey }) => {
  const { t, i18n } = useTranslation();
  if (!survey) return null;
  const { score, comment, answered_at, asked_at, is_open, is_reminded, agent, source } = survey;
  const at = answered_at ?? asked_at;
  const waits = t(is_open ? (is_reminded ? "survey.reminded" : "survey.waits") : "survey.over");
  return (
    <section className={css.block} aria-label={t("survey.label")} data-testid="survey">
      <h2>{t("survey.label")}</h2>
      <dl className={css.dl}>
        <dt>{t("survey.mark")}</dt>
        <dd>
          {score === null ? waits : <Stars score={score} label={t("survey.score", { n: score })} />}
        </dd>
        {comment !== "" && (
          <>
            <dt>{t("survey.comment")}</dt>
            <dd>{comment}</dd>
          </>
        )}
        {(agent !== "" || source) && (
          <>
            <dt>{t("survey.of")}</dt>
            <dd>{agent !== "" ? agent : t("survey.ofBot", { id: source?.faq_id ?? "" })}</dd>
          </>
        )}
        <dt>{t(answered_at === null ? "survey.askedAt" : "survey.answeredAt")}</dt>
        <dd className="num">{`${dateText(at, Date.now(), i18n.language)} ${timeOfDay(at)}`}</dd>
      </dl>
    </section>
  );
};

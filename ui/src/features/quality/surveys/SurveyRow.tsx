import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { SurveyView } from "@/ipc/generated/SurveyView";
import { Stars } from "@/kit/Stars";
import { dateText, timeOfDay } from "@/lib/time";
import { useRoutes } from "@/routes";
import css from "./Surveys.module.css";

/** One survey; it opens the conversation that it is about. */
export const SurveyRow: FC<{ survey: SurveyView }> = ({ survey }) => {
  const { t, i18n } = useTranslation();
  const openConversation = useRoutes((routes) => routes.openConversation);
  const { score, comment, asked_at, answered_at, is_open, is_reminded } = survey;
  const at = answered_at ?? asked_at;
  const waits = t(is_open ? (is_reminded ? "survey.reminded" : "survey.waits") : "survey.over");
  return (
    <li>
      <button
        type="button"
        className={css.row}
        onClick={() => openConversation(survey.conversation_id)}
        data-testid="survey-row"
      >
        <span className="num muted">{survey.number}</span>
        <span className={css.stars}>
          {score === null ? (
            <span className="muted">{waits}</span>
          ) : (
            <Stars score={score} label={t("survey.score", { n: score })} />
          )}
        </span>
        <span className={css.comment}>{comment}</span>
        <span className="num muted">
          {`${dateText(at, Date.now(), i18n.language)} ${timeOfDay(at)}`}
        </span>
      </button>
    </li>
  );
};

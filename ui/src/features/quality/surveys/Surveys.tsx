import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useMySurveys } from "@/ipc/surveys";
import { EmptyState } from "@/kit/EmptyState";
import { Notice } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { dateText, timeOfDay } from "@/lib/time";
import { Marks } from "./Marks";
import { SurveyRow } from "./SurveyRow";
import css from "./Surveys.module.css";

const PERIODS = ["7", "30", "90"] as const;
type Period = (typeof PERIODS)[number];

/** What customers said of the agent, from the local store: it is there without the server too. */
export const Surveys: FC = () => {
  const { t, i18n } = useTranslation();
  const [period, setPeriod] = useState<Period>("30");
  const { data, error } = useMySurveys(Number(period));
  return (
    <section className={css.page} aria-label={t("survey.mine")} data-testid="surveys">
      <header className={css.head}>
        <Segments
          label={t("survey.period")}
          value={period}
          onChange={setPeriod}
          items={PERIODS.map((id) => ({ id, label: t("survey.days", { n: Number(id) }) }))}
        />
        <span className="grow" />
        {data?.as_of != null && (
          <span className="small muted">
            {t("survey.asOf", {
              at: `${dateText(data.as_of, Date.now(), i18n.language)} ${timeOfDay(data.as_of)}`,
            })}
          </span>
        )}
      </header>
      <div className={`${css.body} scroll`}>
        {error && <Notice tone="danger">{errorText(t, error)}</Notice>}
        {data && <Marks marks={data.marks} />}
        {data &&
          (data.items.length === 0 ? (
            <EmptyState
              icon="like"
              title={t("survey.none")}
              text={t("survey.noneText")}
              testId="surveys-none"
            />
          ) : (
            <ul className={css.rows} aria-label={t("survey.list")}>
              {data.items.map((survey) => (
                <SurveyRow key={`${survey.conversation_id} ${survey.asked_at}`} survey={survey} />
              ))}
            </ul>
          ))}
      </div>
    </section>
  );
};

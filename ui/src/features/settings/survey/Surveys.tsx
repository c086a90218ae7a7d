import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useRoutingSettings } from "@/ipc/queries";
import { Notice } from "@/kit/Notice";
import { Section } from "../Lines";
import { SurveyForm } from "./SurveyForm";

/** Which sources of messages ask their customers for a mark, and how. */
export const Surveys: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useRoutingSettings();
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!data) return null;
  return (
    <div data-testid="survey-settings">
      <p className="soft">{t("surveySettings.about")}</p>
      {data.inboxes.map((inbox) => (
        <Section key={inbox.id} title={inbox.name}>
          <SurveyForm inbox={inbox} />
        </Section>
      ))}
    </div>
  );
};

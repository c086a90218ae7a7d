import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ReportPlan } from "@/ipc/generated/ReportPlan";
import { ChoiceField } from "@/kit/FormField";
import css from "./Fields.module.css";
import { minuteText } from "./rules/sentence";

const MORNING = 8;
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  id: String(hour),
  label: minuteText(hour * 60),
}));

type Props = {
  value: ReportPlan | null;
  onChange: (plan: ReportPlan | null) => void;
  /** What is missing for it. */
  error?: string | undefined;
};

/** Whether a report of the numbers comes by mail, and when, by the organisation's clock. */
export const ReportField: FC<Props> = ({ value, onChange, error }) => {
  const { t } = useTranslation();
  const hour = value?.hour ?? MORNING;
  const every = (id: string) => {
    if (id === "day") onChange({ every: "day", hour });
    else if (id === "week") onChange({ every: "week", weekday: 0, hour });
    else onChange(null);
  };
  return (
    <div className={css.row}>
      <ChoiceField
        label={t("alerts.report.label")}
        error={error}
        value={value?.every ?? ""}
        items={[
          { id: "", label: t("alerts.prefs.never") },
          { id: "day", label: t("alerts.report.day") },
          { id: "week", label: t("alerts.report.week") },
        ]}
        onChoose={every}
        data-testid="report-every"
      />
      {value?.every === "week" && (
        <ChoiceField
          label={t("alerts.report.weekday")}
          value={String(value.weekday)}
          items={WEEKDAYS.map((day, n) => ({ id: String(n), label: t(`metrics.weekday.${day}`) }))}
          onChoose={(id) => onChange({ ...value, weekday: Number(id) })}
          data-testid="report-weekday"
        />
      )}
      {value && (
        <ChoiceField
          label={t("alerts.report.hour")}
          value={String(value.hour)}
          items={HOURS}
          onChoose={(id) => onChange({ ...value, hour: Number(id) })}
          data-testid="report-hour"
        />
      )}
    </div>
  );
};

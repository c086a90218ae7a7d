import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BusinessHours } from "@/ipc/generated/BusinessHours";
import { Button } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { AreaField } from "@/kit/FormField";
import css from "./Routing.module.css";
import {
  holidaysText,
  periodsText,
  readHolidays,
  readPeriods,
  readWorkdays,
  workdaysText,
} from "./text";
import { useConfigure } from "./useConfigure";

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** One calendar: periods of each weekday, days off, and days worked in exchange. */
export const HoursForm: FC<{ hours: BusinessHours; isNew: boolean }> = ({ hours, isNew }) => {
  const { t } = useTranslation();
  const configure = useConfigure();
  const [name, setName] = useState(hours.name);
  const [week, setWeek] = useState(hours.week.map(periodsText));
  const [off, setOff] = useState(holidaysText(hours.holidays));
  const [worked, setWorked] = useState(workdaysText(hours.workdays));
  const periods = week.map(readPeriods);
  const holidays = readHolidays(off);
  const workdays = readWorkdays(worked);
  const [mon, tue, wed, thu, fri, sat, sun] = periods;
  const fit =
    name.trim() !== "" && mon && tue && wed && thu && fri && sat && sun && holidays && workdays
      ? {
          ...hours,
          name: name.trim(),
          week: [mon, tue, wed, thu, fri, sat, sun] satisfies BusinessHours["week"],
          holidays,
          workdays,
        }
      : null;
  return (
    <form
      className={css.hours}
      onSubmit={(event) => {
        event.preventDefault();
        if (fit) void configure({ kind: "hours", hours: fit });
      }}
      data-testid="hours"
    >
      <Field
        label={t("routingSettings.hoursName")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <fieldset className={css.week}>
        <legend className="small soft">{t("routingSettings.week")}</legend>
        {WEEK.map((day, at) => (
          <label key={day} className={css.day}>
            <span>{t(`routingSettings.day.${day}`)}</span>
            <input
              className={css.periods}
              value={week[at] ?? ""}
              placeholder={t("routingSettings.dayOff")}
              aria-invalid={periods[at] === null || undefined}
              onChange={(event) => {
                const { value } = event.currentTarget;
                setWeek(week.map((text, other) => (other === at ? value : text)));
              }}
            />
          </label>
        ))}
      </fieldset>
      <AreaField
        label={t("routingSettings.holidays")}
        rows={4}
        value={off}
        hint={t("routingSettings.holidaysHint")}
        error={holidays ? undefined : t("routingSettings.wrongDays")}
        onChange={(event) => setOff(event.currentTarget.value)}
      />
      <AreaField
        label={t("routingSettings.workdays")}
        rows={3}
        value={worked}
        hint={t("routingSettings.workdaysHint")}
        error={workdays ? undefined : t("routingSettings.wrongDays")}
        onChange={(event) => setWorked(event.currentTarget.value)}
      />
      <div className={css.acts}>
        <Button type="submit" size="sm" look="primary" disabled={!fit} data-testid="hours-save">
          {t("routingSettings.save")}
        </Button>
        {!isNew && (
          <Button
            size="sm"
            onClick={() =>
              void configure({ kind: "inbox_hours", inbox_id: null, hours_id: hours.id })
            }
            data-testid="hours-use"
          >
            {t("routingSettings.useForAll")}
          </Button>
        )}
      </div>
    </form>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { QuietHours } from "@/ipc/generated/QuietHours";
import { CheckField, LineField } from "@/kit/FormField";
import css from "./Fields.module.css";
import { minuteText } from "./rules/sentence";

const NIGHT: QuietHours = {
  from: 22 * 60,
  to: 8 * 60,
  utc_offset_minutes: 8 * 60,
  let_critical_through: true,
};

type Props = {
  value: QuietHours | null;
  onChange: (quiet: QuietHours | null) => void;
  error?: string | undefined;
  testId?: string;
};

/** When nobody is woken; over midnight where the end is before the beginning. */
export const QuietField: FC<Props> = ({ value, onChange, error, testId }) => {
  const { t } = useTranslation();
  const offset = -new Date().getTimezoneOffset();
  return (
    <div className={css.stack}>
      <CheckField
        label={t("alerts.quietOn")}
        checked={value !== null}
        onChange={(on) => onChange(on ? { ...NIGHT, utc_offset_minutes: offset } : null)}
        {...(testId && { testId })}
      />
      {value && (
        <div className={css.indent}>
          <div className={css.row}>
            <LineField
              label={t("alerts.quietFrom")}
              type="time"
              value={minuteText(value.from)}
              error={error}
              onChange={(event) => {
                const from = minuteOf(event.currentTarget.value);
                if (from !== null) onChange({ ...value, from });
              }}
            />
            <LineField
              label={t("alerts.quietTo")}
              type="time"
              value={minuteText(value.to)}
              onChange={(event) => {
                const to = minuteOf(event.currentTarget.value);
                if (to !== null) onChange({ ...value, to });
              }}
            />
          </div>
          <CheckField
            label={t("alerts.quietCritical")}
            checked={value.let_critical_through}
            onChange={(let_critical_through) => onChange({ ...value, let_critical_through })}
          />
        </div>
      )}
    </div>
  );
};

function minuteOf(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

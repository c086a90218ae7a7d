import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlaPolicy } from "@/ipc/generated/SlaPolicy";
import { LEVELS, METRICS } from "./kind";
import css from "./TicketTypes.module.css";

const MINUTES = 60;
/** A year of minutes is no promise. */
const MOST = 525_600;

type Props = { sla: SlaPolicy; onChange: (sla: SlaPolicy) => void };

/** Business hours within which something is promised, by priority; empty promises nothing. */
export const Targets: FC<Props> = ({ sla, onChange }) => {
  const { t } = useTranslation();
  return (
    <section className={css.part} aria-label={t("ticket.sla.title")}>
      <h2>{t("ticket.sla.title")}</h2>
      <table className={css.targets}>
        <thead>
          <tr>
            <th scope="col">{t("ticketType.hours")}</th>
            {LEVELS.map((level) => (
              <th key={level} scope="col">
                {t(`priority.${level}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {METRICS.map((metric) => (
            <tr key={metric}>
              <th scope="row">{t(`ticket.sla.${metric}`)}</th>
              {LEVELS.map((level) => {
                return (
                  <td key={level}>
                    <Hours
                      label={`${t(`ticket.sla.${metric}`)} ${t(`priority.${level}`)}`}
                      minutes={sla[metric][level]}
                      onChange={(minutes) =>
                        onChange({ ...sla, [metric]: { ...sla[metric], [level]: minutes } })
                      }
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};

type HoursProps = { label: string; minutes: number; onChange: (minutes: number) => void };

/** Minutes as they are written in hours. What is typed stays as it is: `0.` is the way to `0.5`. */
const Hours: FC<HoursProps> = ({ label, minutes, onChange }) => {
  const [text, setText] = useState(() =>
    minutes === 0 ? "" : String(Math.round((minutes / MINUTES) * 100) / 100),
  );
  return (
    <input
      className={css.hours}
      inputMode="decimal"
      aria-label={label}
      aria-invalid={/^\d*[.]?\d*$/.test(text) ? undefined : true}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const hours = Number(event.currentTarget.value);
        if (Number.isFinite(hours) && hours >= 0)
          onChange(Math.min(MOST, Math.round(hours * MINUTES)));
      }}
    />
  );
};

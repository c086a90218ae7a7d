import type { FC } from "react";
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
                const minutes = sla[metric][level];
                return (
                  <td key={level}>
                    <input
                      className={css.hours}
                      type="number"
                      min={0}
                      step={0.25}
                      aria-label={`${t(`ticket.sla.${metric}`)} ${t(`priority.${level}`)}`}
                      value={minutes === 0 ? "" : minutes / MINUTES}
                      onChange={(event) => {
                        const hours = Number(event.currentTarget.value);
                        const next = Math.round(Math.max(0, hours) * MINUTES);
                        onChange({
                          ...sla,
                          [metric]: { ...sla[metric], [level]: Math.min(MOST, next) },
                        });
                      }}
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

import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlaPolicy } from "@/ipc/generated/SlaPolicy";
import type { TicketCalendar } from "@/ipc/generated/TicketCalendar";
import type { TicketTypeFault } from "@/ipc/generated/TicketTypeFault";
import field from "@/kit/Field.module.css";
import { ChoiceField, LineField } from "@/kit/FormField";
import { LEVELS, METRICS, whyAt } from "./kind";
import css from "./TicketTypes.module.css";

const MINUTES = 60;
/** A year of minutes is no promise. */
const MOST = 525_600;
/** As much as its place holds; more than all of it is wrong in any case. */
const MOST_SHARE = 255;

type Props = {
  sla: SlaPolicy;
  /** The first one is the organisation's own. */
  calendars: readonly TicketCalendar[];
  wrong: readonly TicketTypeFault[];
  onChange: (sla: SlaPolicy) => void;
};

/** Business hours within which something is promised, by priority; empty promises nothing. */
export const Targets: FC<Props> = ({ sla, calendars, wrong, onChange }) => {
  const { t } = useTranslation();
  const [share, setShare] = useState(() => String(sla.warn_percent));
  const [own] = calendars;
  const gone = sla.hours !== null && !calendars.some(({ id }) => id === sla.hours);
  const told = (at: "calendar" | "targets") => {
    const why = whyAt(wrong, at);
    return why && t(`ticketType.why.${why}`);
  };
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
      {told("targets") && <p className={field.wrongHint}>{told("targets")}</p>}
      <div className={css.two}>
        <ChoiceField
          label={t("ticketType.calendar")}
          value={sla.hours ?? ""}
          error={told("calendar")}
          items={[
            {
              id: "",
              label: own
                ? t("ticketType.calendarOwn", { name: own.name })
                : t("ticketType.calendarAlways"),
            },
            ...calendars.map(({ id, name }) => ({ id, label: name })),
            ...(gone ? [{ id: sla.hours ?? "", label: t("ticketType.calendarGone") }] : []),
          ]}
          onChoose={(id) => onChange({ ...sla, hours: id === "" ? null : id })}
          data-testid="ticket-type-calendar"
        />
        <LineField
          label={t("ticketType.warn")}
          hint={t("ticketType.warnHint")}
          error={whyAt(wrong, "warn_share") && t("ticketType.why.share")}
          inputMode="numeric"
          value={share}
          onChange={(event) => {
            const text = event.currentTarget.value.replace(/\D/g, "").slice(0, 3);
            setShare(text);
            // No share is one that the check tells of.
            onChange({ ...sla, warn_percent: Math.min(MOST_SHARE, Number(text)) });
          }}
          data-testid="ticket-type-warn"
        />
      </div>
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

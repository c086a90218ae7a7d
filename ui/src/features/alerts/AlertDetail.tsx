import type { FC, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { AlertView } from "@/ipc/generated/AlertView";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { Signal } from "@/kit/Marks";
import { Menu, MenuItem } from "@/kit/Menu";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import { useRoutes } from "@/routes";
import css from "./AlertDetail.module.css";
import { Proposal } from "./Proposal";
import { Trend } from "./Trend";
import { useAlertActs } from "./useAlertActs";
import {
  levelText,
  SEVERITY_ICONS,
  SEVERITY_LOOKS,
  SILENCE_MIN,
  topicsText,
  whyText,
} from "./words";

const SILENCES = [30, 60, 240, 1_440] as const;

/** One alert in full: its course, what is behind it, and what happened to it. */
export const AlertDetail: FC<{ alert: AlertView; mayManage: boolean }> = ({ alert, mayManage }) => {
  const { t, i18n } = useTranslation();
  const editRule = useRoutes((routes) => routes.editRule);
  const { acknowledge, silence } = useAlertActs();
  const locale = i18n.language;
  const level = alert.reading.level ?? alert.worst;
  const shown = (value: number) => levelText(alert.unit, value, locale);
  const topics = topicsText(t, alert);
  const isOpen = alert.state !== "resolved";
  // Surges are found by themselves: no rule gave it.
  const isSurge = alert.measure === "surge";
  return (
    <article
      className={`${css.detail} scroll`}
      aria-labelledby="alert-title"
      data-testid="alert-detail"
    >
      <p className={css.kind}>
        <Signal
          icon={SEVERITY_ICONS[alert.severity]}
          tone={SEVERITY_LOOKS[alert.severity]}
          size={14}
        />
        {[t(`alerts.severity.${alert.severity}`), t(`alerts.state.${alert.state}`)].join(
          t("alerts.dot"),
        )}
        {alert.level > 0 && ` ${t("alerts.escalated", { n: alert.level })}`}
      </p>
      <h2 id="alert-title">{alert.name}</h2>
      <div className={css.numbers}>
        <p className={cx(css.level, isOpen && css[SEVERITY_LOOKS[alert.severity]])}>
          {shown(level)}
          <small>{t("alerts.limit", { limit: shown(alert.limit) })}</small>
        </p>
        <Trend
          levels={alert.trend}
          limit={alert.limit}
          label={t("alerts.course")}
          width={200}
          height={48}
        />
      </div>
      <p className={css.why}>
        {whyText(t, alert, locale)}
        {topics !== "" && t("alerts.sentence", { text: topics })}
      </p>
      <div className={css.acts}>
        {alert.state === "firing" && mayManage && (
          <Button
            look="primary"
            keys={keyText("alertAcknowledge")}
            onClick={() => void acknowledge(alert.id)}
            data-testid="detail-acknowledge"
          >
            {t("alerts.acknowledge")}
          </Button>
        )}
        {isOpen && mayManage && (
          <>
            <Button
              icon="mute"
              keys={keyText("alertSilence")}
              onClick={() => void silence(alert.id)}
            >
              {t("alerts.silence", { n: SILENCE_MIN })}
            </Button>
            <Menu
              label={t("alerts.silenceFor")}
              trigger={
                <Button look="ghost" data-testid="detail-silence">
                  {t("alerts.silenceFor")}
                  <Icon name="down" size={12} />
                </Button>
              }
            >
              {SILENCES.map((minutes) => (
                <MenuItem key={minutes} onSelect={() => void silence(alert.id, minutes)}>
                  {t(`alerts.silences.${minutes}`)}
                </MenuItem>
              ))}
            </Menu>
          </>
        )}
        {!isSurge && (
          <Button look="ghost" onClick={() => editRule(alert.rule_id)} data-testid="detail-rule">
            {t("alerts.seeRule")}
          </Button>
        )}
      </div>
      {isSurge && <p className="small muted">{t("alerts.isSurge")}</p>}
      {alert.is_pending && <p className="small muted">{t("alerts.waits")}</p>}
      {alert.about.examples.length > 0 && (
        <Part title={t("alerts.examples")}>
          <ul className={css.quotes}>
            {alert.about.examples.map((example) => (
              <li key={example}>{example}</li>
            ))}
          </ul>
        </Part>
      )}
      {alert.about.words.length > 0 && (
        <Part title={t("alerts.words")}>
          <p>{alert.about.words.join(t("alerts.dot"))}</p>
        </Part>
      )}
      {alert.about.faq && (
        <Part title={t("alerts.faq")}>
          <Proposal faq={alert.about.faq} />
        </Part>
      )}
      <Part title={t("alerts.history")}>
        <ol className={css.history}>
          {events(alert).map(({ at, what, name }) => (
            <li key={`${what}${at}`}>
              <When at={at} />
              <span>
                {t(`alerts.event.${what}`, {
                  name,
                  limit: shown(alert.limit),
                  level: shown(alert.worst),
                })}
              </span>
            </li>
          ))}
        </ol>
        {alert.state === "firing" && alert.next_step_at !== null && (
          <p className="small soft">
            {t("alerts.nextStep", { time: timeOfDay(alert.next_step_at) })}
          </p>
        )}
        {alert.quiet_until !== null && alert.state === "firing" && (
          <p className="small soft">
            {t("alerts.quietUntil", { time: timeOfDay(alert.quiet_until) })}
          </p>
        )}
      </Part>
    </article>
  );
};

type What = "fired" | "acknowledged" | "silenced" | "resolved";

function events(alert: AlertView): { at: number; what: What; name: string }[] {
  const { acknowledged, silenced, resolved_at } = alert;
  const all: { at: number; what: What; name: string }[] = [
    { at: alert.fired_at, what: "fired", name: "" },
  ];
  if (acknowledged) all.push({ ...acknowledged, what: "acknowledged" });
  if (silenced) all.push({ ...silenced, what: "silenced" });
  if (resolved_at !== null) all.push({ at: resolved_at, what: "resolved", name: "" });
  return all.sort((a, b) => a.at - b.at);
}

const When: FC<{ at: number }> = ({ at }) => {
  const { i18n } = useTranslation();
  const now = Date.now();
  const day = daysAgo(at, now) === 0 ? "" : `${dateText(at, now, i18n.language)} `;
  return (
    <time className="num muted" dateTime={new Date(at).toISOString()}>
      {day}
      {timeOfDay(at)}
    </time>
  );
};

const Part: FC<{ title: string; children: ReactNode }> = ({ title, children }) => (
  <section className={css.part} aria-label={title}>
    <h3>{title}</h3>
    {children}
  </section>
);

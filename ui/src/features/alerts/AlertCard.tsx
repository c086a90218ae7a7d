import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { AlertView } from "@/ipc/generated/AlertView";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Signal } from "@/kit/Marks";
import { timeOfDay } from "@/lib/time";
import css from "./Alerts.module.css";
import { useAlertActs } from "./useAlertActs";
import {
  levelText,
  SEVERITY_ICONS,
  SEVERITY_LOOKS,
  SILENCE_MIN,
  stateText,
  topicsText,
  whyText,
} from "./words";

type Props = {
  alert: AlertView;
  mayManage: boolean;
  isChosen?: boolean;
  onChoose?: () => void;
};

/** One alert: what is wrong, since when, what is behind it, and what can be done. */
export const AlertCard: FC<Props> = ({ alert, mayManage, isChosen = false, onChoose }) => {
  const { t, i18n } = useTranslation();
  const { acknowledge, silence } = useAlertActs();
  const isOpen = alert.state !== "resolved";
  const isFiring = alert.state === "firing";
  const icon =
    alert.state === "silenced" ? "mute" : isFiring ? SEVERITY_ICONS[alert.severity] : "check";
  const level = alert.reading.level ?? alert.worst;
  const state = stateText(t, alert, i18n.language);
  const topics = topicsText(t, alert);
  return (
    <article
      className={cx(css.alert, !isFiring && css.done, isChosen && css.chosen)}
      data-testid="alert"
      data-alert={alert.id}
      data-state={alert.state}
    >
      <Signal icon={icon} tone={isFiring ? SEVERITY_LOOKS[alert.severity] : "quiet"} />
      <div className={css.words}>
        <h3>
          <button type="button" className={css.name} onClick={onChoose} data-testid="alert-name">
            <span className="sr">
              {t(`alerts.severity.${alert.severity}`)}
              {t("app.colon")}
            </span>
            {alert.name}
            {isOpen && <span className="num"> {levelText(alert.unit, level, i18n.language)}</span>}
          </button>
          <time dateTime={new Date(alert.fired_at).toISOString()} className="num">
            {timeOfDay(alert.fired_at)}
          </time>
        </h3>
        {isFiring && (
          <>
            <p className="soft">
              {whyText(t, alert, i18n.language)}
              {topics !== "" && t("alerts.sentence", { text: topics })}
            </p>
            {alert.about.examples.length > 0 && (
              <ul>
                {alert.about.examples.slice(0, 3).map((example) => (
                  <li key={example}>{example}</li>
                ))}
              </ul>
            )}
          </>
        )}
        {state !== "" && <p className="small">{state}</p>}
        {alert.is_pending && <p className="small muted">{t("alerts.waits")}</p>}
        {isFiring && mayManage && (
          <div className={css.acts}>
            <Button
              size="sm"
              onClick={() => void acknowledge(alert.id)}
              data-testid="alert-acknowledge"
            >
              {t("alerts.acknowledge")}
            </Button>
            <Button
              size="sm"
              look="ghost"
              onClick={() => void silence(alert.id)}
              data-testid="alert-silence"
            >
              {t("alerts.silence", { n: SILENCE_MIN })}
            </Button>
          </div>
        )}
      </div>
    </article>
  );
};

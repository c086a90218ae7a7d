import { type FC, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAlerts } from "@/ipc/alerts";
import { call } from "@/ipc/call";
import type { AlertId } from "@/ipc/generated/AlertId";
import type { AlertView } from "@/ipc/generated/AlertView";
import { Button, IconButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { timeOfDay } from "@/lib/time";
import { Trend } from "../Trend";
import { useAlertActs } from "../useAlertActs";
import {
  levelText,
  SEVERITY_ICONS,
  SEVERITY_LOOKS,
  SILENCE_MIN,
  topicsText,
  whyText,
} from "../words";
import css from "./AlertWindow.module.css";

/** The lead's small window: what nobody looks after yet, the worst first, one at a time. */
export const AlertWindow: FC = () => {
  const { data } = useAlerts("open");
  const firing = (data?.alerts ?? []).filter(({ state }) => state === "firing");
  const [open, setOpen] = useState<AlertId | null>(null);
  const at = Math.max(
    0,
    firing.findIndex(({ id }) => id === open),
  );
  const alert = firing[at];
  const step = (by: number) => {
    const next = firing[(at + by + firing.length) % firing.length];
    if (next) setOpen(next.id);
  };
  if (!alert) return <Calm known={data !== undefined} />;
  return <One key={alert.id} alert={alert} at={at} of={firing.length} onStep={step} />;
};

const putAway = () => void call("alert_window.put_away", {}).catch(() => undefined);

type OneProps = { alert: AlertView; at: number; of: number; onStep: (by: number) => void };

const One: FC<OneProps> = ({ alert, at, of, onStep }) => {
  const { t, i18n } = useTranslation();
  const [failed, setFailed] = useState("");
  const { acknowledge, silence } = useAlertActs(setFailed);
  const show = () => void call("alert_window.show", { alert_id: alert.id }).catch(() => undefined);
  useKeys(
    new Map([
      ["arrowright", () => onStep(1)],
      ["arrowleft", () => onStep(-1)],
      ["escape", putAway],
      ["a", () => void acknowledge(alert.id)],
      ["s", () => void silence(alert.id)],
      ["o", show],
    ]),
  );
  const level = alert.reading.level ?? alert.worst;
  const text = (value: number) => levelText(alert.unit, value, i18n.language);
  const topics = topicsText(t, alert) || (alert.about.examples[0] ?? "");
  return (
    <section
      className={css.window}
      role="alertdialog"
      aria-labelledby="alert-name"
      aria-describedby="alert-why"
      data-testid="alert-window"
      data-alert={alert.id}
    >
      <header className={css.bar} data-tauri-drag-region>
        <span className={css[SEVERITY_LOOKS[alert.severity]]}>
          <Icon name={SEVERITY_ICONS[alert.severity]} size={14} />
        </span>
        <span data-testid="alert-severity">{t(`alerts.kindOf.${alert.severity}`)}</span>
        <time className="num">{timeOfDay(alert.fired_at)}</time>
        <span className="grow" data-tauri-drag-region />
        {of > 1 && (
          <>
            <span className="num" data-testid="alert-place">
              {at + 1} / {of}
            </span>
            <IconButton
              icon="right"
              size="sm"
              label={`${t("alerts.nextOne")} (→)`}
              onClick={() => onStep(1)}
              data-testid="alert-next"
            />
          </>
        )}
        <IconButton
          icon="x"
          size="sm"
          label={`${t("alerts.putAway")} (Esc)`}
          onClick={putAway}
          data-testid="alert-put-away"
        />
      </header>
      <div className={css.main}>
        <h1 id="alert-name" className="one" title={alert.name}>
          {alert.name}
        </h1>
        <p className={cx(css.level, css[SEVERITY_LOOKS[alert.severity]])}>
          {text(level)}
          <small>{t("alerts.limit", { limit: text(alert.limit) })}</small>
        </p>
        <span className={css.plot}>
          <Trend levels={alert.trend} limit={alert.limit} label={t("alerts.course")} />
        </span>
        <p id="alert-why" className={css.why}>
          <span className="one">{whyText(t, alert, i18n.language)}</span>
          <span className={cx("one", failed !== "" && css.danger)} role="status">
            {failed || topics}
          </span>
        </p>
      </div>
      <footer className={css.acts}>
        <Button
          look="primary"
          title="A"
          onClick={() => void acknowledge(alert.id)}
          data-testid="alert-acknowledge"
        >
          {t("alerts.acknowledge")}
        </Button>
        <Button title="S" onClick={() => void silence(alert.id)} data-testid="alert-silence">
          {t("alerts.silence", { n: SILENCE_MIN })}
        </Button>
        <Button title="O" onClick={show} data-testid="alert-show">
          {t("alerts.see")}
        </Button>
      </footer>
    </section>
  );
};

/** Nobody is called any more: the window is about to close. */
const Calm: FC<{ known: boolean }> = ({ known }) => {
  const { t } = useTranslation();
  useKeys(new Map([["escape", putAway]]));
  return (
    <section className={css.window} data-testid="alert-window-calm">
      <header className={css.bar} data-tauri-drag-region>
        <span className="grow" data-tauri-drag-region />
        <IconButton icon="x" size="sm" label={`${t("alerts.putAway")} (Esc)`} onClick={putAway} />
      </header>
      {known && <p className={css.calm}>{t("alerts.calmTitle")}</p>}
    </section>
  );
};

/** The keys of this window, which has no others. */
function useKeys(keys: ReadonlyMap<string, () => void>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = keys.get(event.key.toLowerCase());
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  });
}

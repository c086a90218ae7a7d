import { useQueryClient } from "@tanstack/react-query";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { HealthReport } from "@/ipc/generated/HealthReport";
import type { HealthView } from "@/ipc/generated/HealthView";
import { keys } from "@/ipc/keys";
import { useHealth } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Notice, toast } from "@/kit/Notice";
import { timeOfDay } from "@/lib/time";
import { Findings } from "./Findings";
import css from "./Health.module.css";

/** The check of the knowledge: what it found and what to do. */
export const Health: FC = () => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: view, error } = useHealth();
  const ask = (name: "health.run" | "health.stop") =>
    void call(name, {}).then(
      (next) => client.setQueryData(keys.health, next),
      (failure: unknown) => toast("danger", errorText(t, failure)),
    );
  const running = view?.state.kind === "running";
  useAction("healthRun", () => ask(running ? "health.stop" : "health.run"), view !== undefined);
  return (
    <div className={`${css.page} scroll`} data-testid="health">
      <div className={css.column}>
        <header className={css.head}>
          <div className="grow">
            <h2>{t("health.title")}</h2>
            <p className="small muted">{t("health.about")}</p>
          </div>
          {running ? (
            <Button
              icon="stop"
              keys={keyText("healthRun")}
              onClick={() => ask("health.stop")}
              data-testid="health-stop"
            >
              {t("health.stop")}
            </Button>
          ) : (
            <Button
              look="primary"
              icon="sync"
              keys={keyText("healthRun")}
              disabled={!view}
              onClick={() => ask("health.run")}
              data-testid="health-run"
            >
              {t(view?.report ? "health.again" : "health.run")}
            </Button>
          )}
        </header>
        {error && <Notice tone="danger">{errorText(t, error)}</Notice>}
        {view && <State view={view} />}
        {view?.report && <Summary report={view.report} madeAt={view.made_at} />}
        {view?.report && <Findings report={view.report} />}
        {view && !view.report && !running && (
          <EmptyState icon="check2" title={t("health.noneTitle")} text={t("health.noneText")} />
        )}
      </div>
    </div>
  );
};

const State: FC<{ view: HealthView }> = ({ view }) => {
  const { t } = useTranslation();
  const { state } = view;
  if (state.kind === "running") {
    return (
      <div className={css.progress} role="status" data-testid="health-progress">
        <p className="small soft">
          {state.total === 0
            ? t("health.preparing")
            : t("health.progress", { done: state.done, total: state.total })}
        </p>
        <progress
          aria-label={t("health.title")}
          {...(state.total > 0 && { value: state.done, max: state.total })}
        />
      </div>
    );
  }
  if (state.kind === "failed") return <Notice tone="danger">{t("health.failed")}</Notice>;
  if (state.kind === "stopped") return <Notice>{t("health.stopped")}</Notice>;
  if (view.is_old) return <Notice tone="warning">{t("health.old")}</Notice>;
  return null;
};

const Summary: FC<{ report: HealthReport; madeAt: number | null }> = ({ report, madeAt }) => {
  const { t } = useTranslation();
  const { held_out: held } = report;
  const share = held.n_asked === 0 ? 0 : Math.round((held.n_own / held.n_asked) * 100);
  return (
    <p className={css.summary} data-testid="health-summary">
      {madeAt !== null && t("health.madeAt", { time: timeOfDay(madeAt) })}
      {t("health.checked", {
        entries: report.n_entries.toLocaleString(),
        wordings: report.n_wordings.toLocaleString(),
      })}
      {held.n_asked > 0 &&
        t(held.is_sample ? "health.heldOutSample" : "health.heldOut", {
          asked: held.n_asked.toLocaleString(),
          entries: held.n_entries.toLocaleString(),
          share,
        })}
    </p>
  );
};

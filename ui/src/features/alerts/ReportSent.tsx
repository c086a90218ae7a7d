import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { MOST_DELIVERIES, useDelivery } from "@/ipc/alerts";
import { call } from "@/ipc/call";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { Notice, toast } from "@/kit/Notice";
import { dateText, timeOfDay } from "@/lib/time";
import css from "./Prefs.module.css";

type Props = {
  me: string;
  /** Whether an address is stored. */
  hasEmail: boolean;
  /** Whether reports are wanted. */
  isWanted: boolean;
};

/** What became of the last report, and one out of turn. */
export const ReportSent: FC<Props> = ({ me, hasEmail, isWanted }) => {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { data, error } = useDelivery();
  const [busy, setBusy] = useState(false);
  const way = data?.channels.find(({ settings }) => settings.channel === "email");
  const isUsed = way?.enabled === true;
  const may = hasEmail && isUsed && !busy;
  const last = data?.log.find((line) => line.is_report && line.agent === me);
  // One of longer ago may have left the log.
  const isWhole = data !== undefined && data.log.length < MOST_DELIVERIES;
  const when = (at: number) => `${dateText(at, Date.now(), i18n.language)} ${timeOfDay(at)}`;
  const send = async () => {
    setBusy(true);
    try {
      client.setQueryData(keys.delivery, await call("metrics.mail", {}));
      toast("success", t("alerts.report.queued"));
    } catch (failure) {
      toast("danger", errorText(t, failure));
    } finally {
      setBusy(false);
    }
  };
  useAction("reportMail", () => void send(), may);
  return (
    <section className={css.here} aria-label={t("alerts.report.sent")}>
      <h3>{t("alerts.report.sent")}</h3>
      {error && <Notice testId="report-error">{errorText(t, error)}</Notice>}
      {data && !isUsed && (
        <Notice tone={isWanted ? "warning" : "plain"} testId="report-no-mail">
          {t("alerts.report.noMail")}
        </Notice>
      )}
      <div className={css.line}>
        <p className="grow" data-testid="report-last">
          {last
            ? t("alerts.report.last", {
                name: last.name,
                state: t(`alerts.delivery.state.${last.state}`),
                time: when(last.sent_at ?? last.at),
              })
            : data && t(isWhole ? "alerts.report.none" : "alerts.report.notLately")}
          {last?.error && ` ${t(`alerts.delivery.error.${last.error}`)}`}
        </p>
        <Button
          icon="mail"
          busy={busy}
          disabled={!may}
          keys={keyText("reportMail")}
          onClick={() => void send()}
          data-testid="report-mail"
        >
          {t("alerts.report.now")}
        </Button>
      </div>
    </section>
  );
};

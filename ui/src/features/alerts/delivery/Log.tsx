import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { DeliveryLine } from "@/ipc/generated/DeliveryLine";
import type { DeliveryState } from "@/ipc/generated/DeliveryState";
import { Button, IconButton } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Tag } from "@/kit/Marks";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import css from "./Delivery.module.css";

const TONES = {
  pending: "warning",
  sent: "success",
  dead: "danger",
  cancelled: "quiet",
} as const satisfies Record<DeliveryState, string>;

type Props = {
  lines: readonly DeliveryLine[];
  onRefresh: () => void;
  /** Sends what was given up once more. */
  onResend: (line: DeliveryLine) => Promise<void>;
};

/** What was sent, to whom, and why it failed where it did. */
export const Log: FC<Props> = ({ lines, onRefresh, onResend }) => {
  const { t, i18n } = useTranslation();
  const now = Date.now();
  const when = (at: number) =>
    daysAgo(at, now) === 0 ? timeOfDay(at) : `${dateText(at, now, i18n.language)} ${timeOfDay(at)}`;
  useAction("deliveryRefresh", onRefresh);
  return (
    <section className={css.log} aria-label={t("alerts.delivery.log")}>
      <header className={css.logHead}>
        <h3 className="grow">{t("alerts.delivery.log")}</h3>
        <IconButton
          icon="sync"
          size="sm"
          label={`${t("alerts.delivery.refresh")} (${keyText("deliveryRefresh")})`}
          onClick={onRefresh}
        />
      </header>
      {lines.length === 0 ? (
        <EmptyState
          icon="mail"
          title={t("alerts.delivery.noLog")}
          text={t("alerts.delivery.noLogText")}
        />
      ) : (
        <div className={css.tableBox}>
          <table className={css.table} data-testid="delivery-log">
            <thead>
              <tr>
                {(["at", "alert", "to", "channel", "state"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`alerts.delivery.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                // By the account: two people may have one name.
                <tr key={`${line.alert_id} ${line.step} ${line.agent} ${line.channel}`}>
                  <td className="num">{when(line.at)}</td>
                  <td>
                    {line.name}
                    {line.step > 1 && (
                      <span className="small muted">
                        {" "}
                        {t("alerts.delivery.nth", { n: line.step })}
                      </span>
                    )}
                  </td>
                  <td>{line.to || t("alerts.delivery.system")}</td>
                  <td>{t(`alerts.channel.${line.channel}`)}</td>
                  <td>
                    <Tag tone={TONES[line.state]}>{t(`alerts.delivery.state.${line.state}`)}</Tag>
                    <span className="small soft">
                      {line.state === "sent" && line.sent_at !== null && ` ${when(line.sent_at)}`}
                      {line.attempts > 1 && ` ${t("alerts.delivery.tries", { n: line.attempts })}`}
                      {line.error && ` ${t(`alerts.delivery.error.${line.error}`)}`}
                      {line.state === "pending" &&
                        line.next_at !== null &&
                        ` ${t("alerts.delivery.next", { time: when(line.next_at) })}`}
                    </span>
                    {line.state === "dead" && <Resend onResend={() => onResend(line)} />}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
};

const Resend: FC<{ onResend: () => Promise<void> }> = ({ onResend }) => {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const resend = async () => {
    setBusy(true);
    await onResend();
    setBusy(false);
  };
  return (
    <div className={css.resend}>
      <Button size="sm" busy={busy} onClick={() => void resend()} data-testid="delivery-resend">
        {t("alerts.delivery.resend")}
      </Button>
    </div>
  );
};

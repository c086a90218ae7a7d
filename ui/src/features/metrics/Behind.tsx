import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { Metric } from "@/ipc/generated/Metric";
import type { MetricsRow } from "@/ipc/generated/MetricsRow";
import type { MetricsWhich } from "@/ipc/generated/MetricsWhich";
import { useMetricsRows } from "@/ipc/metrics";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Notice } from "@/kit/Notice";
import { Segments } from "@/kit/Tabs";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import css from "./Behind.module.css";
import { clockText, NOTHING, pick } from "./numbers";
import { stampText } from "./period";
import { type Behind as Place, useRoom } from "./store";
import type { Shown } from "./useBoard";

/** What is so at the end of a period, and not of what began in it. */
const STANDING: ReadonlySet<Metric> = new Set(["backlog", "queue"]);
const WHICH: readonly MetricsWhich[] = ["counted", "rest", "all"];

/** The conversations and tickets behind a number; each opens. */
export const Behind: FC<{ behind: Place; shown: Shown }> = ({ behind, shown }) => {
  const { t } = useTranslation();
  const { group, slice, set } = useRoom();
  const [which, setWhich] = useState<MetricsWhich>("counted");
  const { metric, from, to } = behind;
  const filter = { group, slice: behind.slice ?? slice };
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage } = useMetricsRows(
    { metric, from, to, filter, which },
  );
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  // Of a very long period the server may not say it before the last of them is here.
  const total = data?.pages[0]?.total ?? (hasNextPage ? null : rows.length);
  const isShare = pick(shown.board?.cards, metric)?.now.kind === "share";
  const close = () => set({ behind: null });
  const isAway = error !== null && RpcError.from(error).code === "offline";
  return (
    <Dialog
      open
      onClose={close}
      size="lg"
      title={t(`metrics.name.${metric}`)}
      text={t(STANDING.has(metric) ? "metrics.behind.standing" : "metrics.behind.span", {
        from: stampText(from, shown.offset),
        to: stampText(to, shown.offset),
      })}
      testId="metrics-behind"
      foot={<Button onClick={close}>{t("app.close")}</Button>}
    >
      {isShare && (
        <Segments
          label={t("metrics.behind.which")}
          value={which}
          onChange={setWhich}
          items={WHICH.map((id) => ({ id, label: t(`metrics.behind.${id}`) }))}
        />
      )}
      {error && (
        <Notice tone={isAway ? "plain" : "danger"} icon={isAway ? "offline" : "stop"}>
          {isAway
            ? t(rows.length > 0 ? "metrics.behind.kept" : "metrics.behind.offline")
            : errorText(t, error)}
        </Notice>
      )}
      {(!error || rows.length > 0) && (
        <div className={`${css.scroller} scroll`}>
          {isPending && <p className="muted">{t("metrics.behind.asking")}</p>}
          {data && rows.length === 0 && <p className="muted">{t("metrics.behind.none")}</p>}
          {rows.length > 0 && <Rows rows={rows} shown={shown} />}
        </div>
      )}
      {rows.length > 0 && (
        <div className={css.foot}>
          <span className="small muted">
            {total === null
              ? t("metrics.behind.listed", { n: rows.length })
              : t("metrics.behind.count", { n: rows.length, total })}
          </span>
          {hasNextPage && (
            <Button size="sm" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("metrics.behind.more")}
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
};

const Rows: FC<{ rows: readonly MetricsRow[]; shown: Shown }> = ({ rows, shown }) => {
  const { t } = useTranslation();
  const { openConversation, openTicket } = useRoutes();
  const { choices, offset } = shown;
  const agents = new Map(
    choices?.tables.find(({ by }) => by === "agent")?.rows.map((row) => [row.value, row.label]),
  );
  const groups = new Map(choices?.groups.map(({ id, name }) => [id, name]));
  const open = (row: MetricsRow) => {
    if (row.ticket_id) openTicket(row.ticket_id);
    else if (row.conversation_id) openConversation(row.conversation_id);
  };
  const hasValue = rows.some(({ ms, whole }) => ms !== null || whole > 1);
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{t("metrics.behind.number")}</th>
          <th scope="col">{t("metrics.behind.at")}</th>
          <th scope="col">{t("metrics.by.group")}</th>
          <th scope="col">{t("metrics.by.agent")}</th>
          {hasValue && (
            <th scope="col" className={css.end}>
              {t("metrics.behind.value")}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.number} data-testid="metrics-behind-row">
            <th scope="row">
              <button type="button" className={css.open} onClick={() => open(row)}>
                {row.number}
              </button>
            </th>
            <td className="num">{stampText(row.at, offset)}</td>
            <td>{groups.get(row.group) ?? NOTHING}</td>
            <td>{(row.agent && agents.get(row.agent)) ?? NOTHING}</td>
            {hasValue && <td className={`${css.end} num`}>{measured(row)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** How long, or how many of how many. */
function measured({ ms, part, whole }: MetricsRow): string {
  if (ms !== null) return clockText(ms);
  return whole === part ? String(part) : `${part} / ${whole}`;
}

import { type FC, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import type { LiveView } from "@/ipc/generated/LiveView";
import { useAgentLoad } from "@/ipc/metrics";
import { useConnection } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Notice } from "@/kit/Notice";
import { Behind } from "./Behind";
import { ByTable } from "./ByTable";
import { Figures } from "./Figures";
import { Filters } from "./Filters";
import { Head, PANEL } from "./Head";
import css from "./Metrics.module.css";
import { NumberCards } from "./NumberCards";
import { pick } from "./numbers";
import { asOfText } from "./period";
import { useRoom } from "./store";
import { type Shown, useBoard } from "./useBoard";
import { useExport } from "./useExport";
import { Wallboard } from "./Wallboard";

/** The room of the numbers, or the wall. */
export const Metrics: FC = () => {
  const { wall, group, set } = useRoom();
  const shown = useBoard();
  const { data: live } = useAgentLoad(group, !wall);
  useEffect(() => () => useRoom.setState({ behind: null, wall: false }), []);
  useAction("wallboard", () => set({ wall: !wall }));
  return wall ? <Wallboard shown={shown} /> : <Room shown={shown} live={live} />;
};

type RoomProps = {
  shown: Shown;
  live: LiveView | undefined;
};

const Room: FC<RoomProps> = ({ shown, live }) => {
  const { t } = useTranslation();
  const { tab, compare, asTables, behind, set } = useRoom();
  const { data: connection } = useConnection();
  const { board } = shown;
  const write = useExport(shown, live);
  useAction("metricsToday", () => set({ period: "today" }));
  useAction("metricsWeek", () => set({ period: "week" }));
  useAction("metricsMonth", () => set({ period: "month" }));
  useAction("metricsYear", () => set({ period: "year" }));
  useAction("metricsCompare", () => set({ compare: !compare }));
  useAction("metricsTables", () => set({ asTables: !asTables }));
  useAction("metricsFilter", () => document.getElementById(`${PANEL}-group`)?.focus());
  useAction("metricsExport", () => void write("xlsx"), board !== undefined);
  useAction("metricsPicture", () => void write("png"), board !== undefined);
  useAction("metricsPrint", () => void write("print"), board !== undefined);
  const opened = pick(board?.cards, "volume")?.now;
  const isEmpty = opened?.kind === "count" && opened.n === 0;
  return (
    <main className={css.room} data-testid="metrics">
      <section className={css.pane} aria-label={t("metrics.title")}>
        <Head onExport={write} canExport={board !== undefined} />
        <Filters shown={shown} />
        <div id={PANEL} role="tabpanel" className={`${css.body} scroll`}>
          {connection?.state === "offline" && board?.as_of && (
            <div className={css.notice}>
              <Notice icon="offline" testId="metrics-offline">
                {t("metrics.offline", {
                  time: asOfText(board.as_of, Date.now(), shown.offset),
                })}
              </Notice>
            </div>
          )}
          {shown.error !== null && (
            <div className={css.notice}>
              <Notice tone="danger" testId="metrics-error">
                {errorText(t, shown.error)}
              </Notice>
            </div>
          )}
          {board && board.as_of === null && (
            <EmptyState
              icon="chart"
              title={t("metrics.none.title")}
              text={t("metrics.none.text")}
              testId="metrics-none"
            />
          )}
          {board && board.as_of !== null && isEmpty && tab !== "overview" && <Quiet />}
          {board && board.as_of !== null && tab === "overview" && (
            <>
              <NumberCards shown={shown} />
              {isEmpty ? <Quiet /> : <Figures shown={shown} live={live} />}
            </>
          )}
          {board && board.as_of !== null && !isEmpty && tab !== "overview" && (
            <ByTable board={board} by={tab} />
          )}
        </div>
      </section>
      {behind && <Behind key={JSON.stringify(behind)} behind={behind} shown={shown} />}
    </main>
  );
};

/** Nobody came in this time, or not to what the room is narrowed to. */
const Quiet: FC = () => {
  const { t } = useTranslation();
  const { period, group, slice, set } = useRoom();
  const narrowed = group !== null || slice !== null;
  return (
    <EmptyState
      icon="chart"
      title={t("metrics.quiet.title")}
      text={t(narrowed ? "metrics.quiet.narrowed" : "metrics.quiet.text")}
      testId="metrics-quiet"
    >
      {narrowed && (
        <Button onClick={() => set({ group: null, slice: null })}>{t("metrics.all")}</Button>
      )}
      {period !== "month" && (
        <Button onClick={() => set({ period: "month" })}>{t("metrics.quiet.month")}</Button>
      )}
    </EmptyState>
  );
};

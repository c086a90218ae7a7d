import { type FC, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useConnection, useMe } from "@/ipc/queries";
import { cx } from "@/kit/cx";
import { Notice } from "@/kit/Notice";
import { Splitter } from "@/kit/Splitter";
import { readPrefs, writePrefs } from "@/lib/prefs";
import { useRoutes } from "@/routes";
import { Bulk } from "./Bulk";
import { Detail } from "./detail/Detail";
import { Asking } from "./dialogs/Asking";
import { Filters } from "./Filters";
import { Head } from "./Head";
import { Nothing } from "./Nothing";
import { readKept, remember } from "./remember";
import { useDesk } from "./store";
import { TicketBoard } from "./TicketBoard";
import css from "./Tickets.module.css";
import { TicketTable } from "./TicketTable";
import { useCarriedViews } from "./useSavedViews";
import { useShown } from "./useShown";
import { useTicketActions } from "./useTicketActions";

const SIDE = { first: 420, min: 340, max: 640 };
const WIDTH = "tickets.side";

/** The room of the tickets: a board or a table, and the open ticket beside it. */
export const Tickets: FC = () => {
  const { t } = useTranslation();
  const ticket = useRoutes((routes) => routes.ticket);
  const { show, filtersOpen, ticked, asking } = useDesk();
  const { data: connection } = useConnection();
  const me = useMe()?.id;
  const [side, setSide] = useState(() => readPrefs().widths[WIDTH] ?? SIDE.first);
  const room = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const shown = useShown();
  useTicketActions(shown, () => list.current?.focus());
  useEffect(() => {
    if (me === undefined) return;
    useDesk.setState(readKept(me));
    return remember(me);
  }, [me]);
  useCarriedViews(me);
  useLayoutEffect(() => room.current?.style.setProperty("--side", `${side}px`), [side]);
  // Whoever comes by key, or changes what is shown, goes on by key.
  const ready = shown.known && shown.total > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list is there by then
  useEffect(() => {
    if (ready && document.activeElement === document.body) list.current?.focus();
  }, [ready, show]);
  const resize = (width: number) => {
    setSide(width);
    writePrefs({ widths: { ...readPrefs().widths, [WIDTH]: width } });
  };
  return (
    <main ref={room} className={cx(css.room, ticket && css.withDetail)} data-testid="tickets">
      <section className={css.pane} aria-label={t("ticket.title")}>
        <Head counts={shown.counts} />
        <div>
          {filtersOpen && <Filters total={shown.total} />}
          {ticked.size > 0 && <Bulk shown={shown} />}
          {connection?.state === "offline" && (
            <div className={css.notice}>
              <Notice icon="offline" testId="tickets-offline">
                {t("ticket.offline")}
              </Notice>
            </div>
          )}
          {shown.error !== null && (
            <div className={css.notice}>
              <Notice tone="danger" testId="tickets-error">
                {t("ticket.failed")}
                {t("app.comma")}
                {errorText(t, shown.error)}
              </Notice>
            </div>
          )}
        </div>
        <div className={css.body}>
          {shown.known && shown.total === 0 ? (
            <Nothing />
          ) : show === "board" ? (
            <TicketBoard shown={shown} boardRef={list} />
          ) : (
            <TicketTable shown={shown} tableRef={list} />
          )}
        </div>
      </section>
      {ticket && (
        <>
          <Splitter
            label={t("ticket.resize")}
            side="after"
            value={side}
            min={SIDE.min}
            max={SIDE.max}
            onChange={resize}
            onReset={() => resize(SIDE.first)}
          />
          <Detail key={ticket} id={ticket} />
        </>
      )}
      {asking && <Asking key={JSON.stringify(asking)} asking={asking} shown={shown} />}
    </main>
  );
};

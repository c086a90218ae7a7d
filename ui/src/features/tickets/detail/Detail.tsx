import { type FC, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { TicketId } from "@/ipc/generated/TicketId";
import { useTicket } from "@/ipc/tickets";
import { IconButton } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { useTicketNumber } from "@/parts/Ticket";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import css from "./Detail.module.css";
import { DetailHead } from "./DetailHead";
import { Dock } from "./Dock";
import { Facts } from "./Facts";
import { History } from "./History";
import { Promises } from "./Promises";
import { Refused } from "./Refused";
import { Flow, Stands } from "./Stands";

/** One ticket beside the board. */
export const Detail: FC<{ id: TicketId }> = ({ id }) => {
  const { t } = useTranslation();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const { data: view, error } = useTicket(id);
  const number = useTicketNumber();
  const mentioned = view?.row.mentioned === true;
  useEffect(() => {
    // Where it cannot be kept now, the mark stays.
    if (mentioned) void call("ticket.seen", { ticket_id: id }).catch(() => undefined);
  }, [mentioned, id]);
  // It may go while it is open: to a department that nobody here works in.
  const gone = error !== null && RpcError.from(error).code === "not_found";
  if (!view || gone)
    return (
      <aside className={css.pane} aria-label={t("ticket.title")} data-testid="ticket-loading">
        <div className={css.head}>
          <span className="grow" />
          <IconButton icon="x" label={t("app.close")} onClick={() => openTicket(null)} />
        </div>
        {error !== null && (
          <EmptyState
            icon={gone ? "ticket" : "warn"}
            title={t(gone ? "ticket.gone" : "ticket.failed")}
            text={gone ? t("ticket.goneText") : errorText(t, error)}
            testId="ticket-gone"
          />
        )}
      </aside>
    );
  return (
    <aside
      className={css.pane}
      aria-label={t("ticket.detail", { number: number(view.row) })}
      data-testid="ticket"
      data-id={id}
      data-state={view.row.state}
    >
      <DetailHead view={view} />
      <div className={`${css.body} scroll`}>
        <Refused view={view} />
        <Stands view={view} />
        <Flow view={view} />
        <Facts view={view} />
        <Promises slas={view.slas} />
        <History events={view.events} />
      </div>
      <Dock view={view} />
    </aside>
  );
};

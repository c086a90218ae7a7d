import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketState } from "@/ipc/generated/TicketState";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { toast } from "@/kit/Notice";
import { ticketError } from "./errors";
import { useDesk } from "./store";
import css from "./Tickets.module.css";

const STATES: readonly TicketState[] = ["open", "pending_customer", "closed"];

/** What is done to all ticked tickets; those that it does not fit stay as they are, and it says why. */
export const Bulk: FC<{ rows: readonly TicketRow[] }> = ({ rows }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { ticked, set } = useDesk();
  const [busy, setBusy] = useState(false);
  const chosen = rows.filter(({ id }) => ticked.has(id));
  const each = async (what: string, act: (row: TicketRow) => Promise<unknown>) => {
    setBusy(true);
    const left = new Set<string>();
    let why: unknown = null;
    for (const row of chosen) {
      try {
        await act(row);
        void client.invalidateQueries({ queryKey: keys.ticket(row.id) });
      } catch (error) {
        left.add(row.id);
        why = error;
      }
    }
    setBusy(false);
    set({ ticked: left });
    const n = chosen.length - left.size;
    if (left.size === 0) toast("success", t("ticket.bulkDone", { n, act: what }));
    else
      toast(
        "warning",
        t("ticket.bulkSome", { n, act: what, left: left.size, why: ticketError(t, why) }),
      );
  };
  const moved = (to: TicketState) => (row: TicketRow) =>
    call("ticket.move", { ticket_id: row.id, from: row.state, to, note: "", until: null });
  return (
    <section className={css.bulk} aria-label={t("ticket.bulk")} data-testid="ticket-bulk">
      <span className="grow one" role="status">
        {t("ticket.ticked", { n: chosen.length })}
      </span>
      <Button
        size="sm"
        disabled={busy}
        onClick={() =>
          void each(t("ticket.bulkClaim"), ({ id }) => call("ticket.claim", { ticket_id: id }))
        }
        data-testid="bulk-claim"
      >
        {t("ticket.bulkClaim")}
      </Button>
      {STATES.filter((to) => chosen.some(({ moves }) => moves.includes(to))).map((to) => (
        <Button
          key={to}
          size="sm"
          disabled={busy}
          onClick={() => void each(t(`ticket.state.${to}`), moved(to))}
          data-testid={`bulk-${to}`}
        >
          {t("ticket.bulkTo", { state: t(`ticket.state.${to}`) })}
        </Button>
      ))}
      <Button size="sm" look="ghost" onClick={() => set({ ticked: new Set() })}>
        {t("ticket.untick")}
      </Button>
    </section>
  );
};

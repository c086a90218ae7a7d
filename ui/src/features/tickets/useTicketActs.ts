import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { AgentId } from "@/ipc/generated/AgentId";
import type { CommandName, Commands } from "@/ipc/generated/Commands";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { TicketBulkAct } from "@/ipc/generated/TicketBulkAct";
import type { TicketId } from "@/ipc/generated/TicketId";
import type { TicketPatchArgs } from "@/ipc/generated/TicketPatchArgs";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketState } from "@/ipc/generated/TicketState";
import type { TicketView } from "@/ipc/generated/TicketView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { useTicketNumber } from "@/parts/Ticket";
import { saidFinal, saidUndoable } from "@/parts/undo";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import { ticketError } from "./errors";
import { useDesk } from "./store";

/** Those that are being taken back: who presses twice asks once. */
const comingBack = new Set<TicketId>();

/** It is no longer at this desk. */
const LEFT = "left";

type ViewCommand = {
  [K in CommandName]: Commands[K]["response"] extends TicketView ? K : never;
}[CommandName];

/** What can be done with a ticket. Each says what it did; a failure says why and leaves the ticket as it was. */
export function useTicketActs() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const number = useTicketNumber();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const set = useDesk((desk) => desk.set);

  /** Says that it is done, and offers to take it back where it can be. */
  const saidDone = (text: string, id: TicketId, back?: () => void) => {
    const label = t("property.undo");
    if (back) saidUndoable(useDesk, { tone: "success", text, label, ids: [id], back });
    else saidFinal(useDesk, "success", text);
  };

  /** Takes an act back, unless something came between. */
  const undoAct = async (row: TicketRow, way: TicketBulkAct) => {
    try {
      const args = { undo: [{ id: row.id, act: way }] };
      const [refused] = (await call("ticket.bulk_undo", args)).refused;
      if (refused) toast("warning", ticketError(t, new RpcError(refused.code, "", false, "")));
      else toast("success", t("ticket.done.undone", { number: number(row) }));
    } catch (error) {
      toast("danger", ticketError(t, error));
    }
    await client.invalidateQueries({ queryKey: ["ticket"] });
  };

  const act = async <K extends ViewCommand>(
    name: K,
    args: Commands[K]["request"],
    said: (view: TicketView) => string | null,
    leaves?: TicketId,
    undo?: () => void,
  ): Promise<TicketView | typeof LEFT | null> => {
    try {
      const { undo: way, ...rest }: TicketView = await call(name, args);
      const view: TicketView = { ...rest, undo: null };
      client.setQueryData(keys.ticket(view.row.id), view);
      const text = said(view);
      const back = undo ?? (way && (() => void undoAct(view.row, way)));
      if (text !== null) saidDone(text, view.row.id, back ?? undefined);
      // Who may not even comment on it any more has nothing to do with it.
      if (leaves !== undefined && !view.can.comment && useRoutes.getState().ticket === leaves)
        openTicket(null);
      return view;
    } catch (error) {
      // Where it went, nobody here sees it: that is what was asked for.
      if (leaves !== undefined && RpcError.from(error).code === "not_found") {
        const before = client.getQueryData<TicketView>(keys.ticket(leaves));
        const named = before ? number(before.row) : "";
        saidDone(t("ticket.done.left", { number: named }), leaves, undo);
        if (useRoutes.getState().ticket === leaves) openTicket(null);
        return LEFT;
      }
      toast("danger", ticketError(t, error));
      return null;
    }
  };
  /** Takes back a ticket that was passed to a department; it may have left this desk. */
  const takeBack = async (id: TicketId, department: GroupId) => {
    set({ undo: null });
    if (comingBack.has(id)) return;
    comingBack.add(id);
    const before = client.getQueryData<TicketView>(keys.ticket(id));
    try {
      const args = { ticket_id: id, department_id: department };
      const { is_asked } = await call("ticket.take_back", args);
      const named = before ? number(before.row) : "";
      if (is_asked) toast("plain", t("ticket.done.askedBack", { number: named }));
      else toast("success", t("ticket.done.tookBack", { number: named }));
    } catch (error) {
      toast("danger", ticketError(t, error));
    }
    await client.invalidateQueries({ queryKey: ["ticket"] });
    comingBack.delete(id);
  };
  return {
    takeBack,
    claim: (id: TicketId) =>
      act("ticket.claim", { ticket_id: id }, ({ row }) =>
        t("ticket.done.claimed", { number: number(row) }),
      ),
    move: (
      id: TicketId,
      from: TicketState,
      to: TicketState,
      note = "",
      until: number | null = null,
    ) =>
      act("ticket.move", { ticket_id: id, from, to, note, until }, ({ row }) =>
        t("ticket.done.moved", { number: number(row), state: t(`ticket.state.${to}`) }),
      ),
    assign: (id: TicketId, agent: AgentId, name: string) =>
      act("ticket.assign", { ticket_id: id, agent_id: agent }, ({ row }) =>
        t("ticket.done.assigned", { number: number(row), name }),
      ),
    transfer: (id: TicketId, department: GroupId, group: string, returns: boolean, note: string) =>
      act(
        "ticket.transfer",
        { ticket_id: id, department_id: department, returns, note },
        ({ row }) => t("ticket.done.transferred", { number: number(row), group }),
        id,
        () => void takeBack(id, department),
      ),
    giveBack: (id: TicketId, department: GroupId, group: string, note: string) =>
      act(
        "ticket.return",
        { ticket_id: id, note },
        ({ row }) => t("ticket.done.returned", { number: number(row), group }),
        id,
        () => void takeBack(id, department),
      ),
    release: (id: TicketId) =>
      act("ticket.release", { ticket_id: id }, ({ row }) =>
        t("ticket.done.released", { number: number(row) }),
      ),
    comment: (id: TicketId, text: string, mentions: string[] = []) =>
      act("ticket.comment", { ticket_id: id, text, mentions }, () => t("ticket.done.noted")),
    patch: (id: TicketId, change: Partial<Omit<TicketPatchArgs, "ticket_id">>) =>
      act(
        "ticket.patch",
        { ticket_id: id, title: null, priority: null, values: [], ...change },
        () => t("ticket.done.saved"),
      ),
    merge: (id: TicketId, into: TicketId, own: string) =>
      act("ticket.merge", { ticket_id: id, into }, ({ row }) =>
        t("ticket.done.merged", { number: own, into: number(row) }),
      ),
    verify: (id: TicketId, ok: boolean, note: string) =>
      act("ticket.verify", { ticket_id: id, ok, note }, ({ row }) =>
        ok
          ? t("ticket.done.verified", { number: number(row) })
          : t("ticket.done.moved", { number: number(row), state: t("ticket.state.open") }),
      ),
  };
}

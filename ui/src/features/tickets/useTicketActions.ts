import { useEffect } from "react";
import { useAction } from "@/hotkeys";
import { useTicket } from "@/ipc/tickets";
import { useRoutes } from "@/routes";
import { type BulkKind, useDesk } from "./store";
import { useMayExport } from "./useMayExport";
import type { Shown } from "./useShown";
import { useTicketActs } from "./useTicketActs";

/** What can be done in the room by key and from the palette. */
export function useTicketActions(shown: Shown, focusList: () => void): void {
  const { ticket, openTicket, overlay, filing } = useRoutes();
  const { show, asking, active, ticked, undo, set } = useDesk();
  const free = asking === null;
  const mayExport = useMayExport();
  useAction("ticketView", () => set({ show: show === "board" ? "table" : "board" }), free);
  useAction(
    "ticketFind",
    () => {
      set({ filtersOpen: true });
      document.querySelector<HTMLElement>('[data-testid="ticket-query"]')?.focus();
    },
    free,
  );
  useAction("saveView", () => set({ asking: { kind: "views" } }), free);
  useAction(
    "ticketExport",
    () => set({ asking: { kind: "export" } }),
    free && mayExport && shown.total > 0,
  );
  // What the keys stand on is what they act on; the open ticket where they stand on nothing.
  const id = active !== null && shown.rows.some((row) => row.id === active) ? active : ticket;
  const { data: view } = useTicket(id ?? "", id !== null);
  const { claim, takeBack } = useTicketActs();
  const can = view?.can;
  const on = (may: boolean | undefined) => free && id !== null && may === true;
  // What is ticked is meant before what the keys stand on.
  const many = free && ticked.size > 0;
  const bulk = (act: BulkKind) => () => set({ asking: { kind: "bulk", act } });
  const ask = (kind: "move" | "transfer" | "return" | "assign" | "merge") => () =>
    id !== null && set({ asking: { kind, id } });
  useAction(
    "ticketClaim",
    many ? bulk("claim") : () => id && void claim(id),
    many || on(can?.claim),
  );
  useAction(
    "ticketMove",
    many ? bulk("move") : ask("move"),
    many || on((view?.row.moves.length ?? 0) > 0),
  );
  useAction("ticketTransfer", many ? bulk("transfer") : ask("transfer"), many || on(can?.transfer));
  useAction("ticketReturn", ask("return"), on(can?.return_to != null));
  // What was done last, unless the ticket that is open offers by this key to be taken back, and it
  // was done to others.
  const { data: openView } = useTicket(ticket ?? "", ticket !== null);
  const back = [openView, view].find((each) => each?.can.take_back);
  const meant = undo !== null && (!openView?.can.take_back || undo.ids.includes(openView.row.id));
  useAction(
    "undoEdit",
    () => {
      if (meant) undo.run();
      else if (back) void takeBack(back.row.id, back.row.department_id);
    },
    free && (meant || back !== undefined),
  );
  useAction("ticketAssign", many ? bulk("assign") : ask("assign"), many || on(can?.assign));
  useAction("ticketMerge", ask("merge"), on(can?.merge));
  useAction(
    "ticketVerify",
    () => id && set({ asking: { kind: "verify", id, ok: true } }),
    on(can?.verify),
  );
  useAction(
    "resolve",
    () => id && set({ asking: { kind: "to", id, to: "resolved" } }),
    on(view?.row.moves.includes("resolved")),
  );
  useAction(
    "ticketNote",
    () => {
      if (!id) return;
      openTicket(id);
      set({ writing: true });
    },
    on(can?.comment),
  );
  // Esc shuts the ticket and goes back to the list, then takes away the ticks.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || asking || overlay || filing) return;
      if (event.isComposing || document.querySelector("[role=dialog], [role=menu]")) return;
      if (!ticket && ticked.size > 0) {
        event.preventDefault();
        set({ ticked: new Set() });
      }
      if (!ticket) return;
      event.preventDefault();
      openTicket(null);
      focusList();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  });
}

import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketState } from "@/ipc/generated/TicketState";
import { useDesk } from "./store";
import { useTicketActs } from "./useTicketActs";

/** Moves that are worth a word, or a date, or a second look. */
const ASKED: readonly TicketState[] = ["on_hold", "resolved", "cancelled", "pending_customer"];

/** Begins a move: at once where nothing has to be said, else by asking first. */
export function useStart() {
  const set = useDesk((desk) => desk.set);
  const { move, verify } = useTicketActs();
  return (row: TicketRow, to: TicketState): void => {
    if (row.state === "resolved" && to === "open")
      set({ asking: { kind: "verify", id: row.id, ok: false } });
    else if (row.state === "resolved" && to === "closed") void verify(row.id, true, "");
    else if (ASKED.includes(to)) set({ asking: { kind: "to", id: row.id, to } });
    else void move(row.id, row.state, to);
  };
}

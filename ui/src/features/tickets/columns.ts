import type { TicketState } from "@/ipc/generated/TicketState";

/** The columns of a board, in order. */
export const COLUMNS: readonly TicketState[] = [
  "new",
  "open",
  "pending_customer",
  "on_hold",
  "resolved",
  "closed",
  "cancelled",
];

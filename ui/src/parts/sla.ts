import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { RingTone } from "@/kit/Ring";

/** From which part of the promised time on a promise is close to broken. */
const SOON = 0.75;

/** Where a promise stands. `elapsed` and `left` in ms; `left` is negative once it is broken. */
export type Promised = { tone: RingTone; value: number; elapsed: number; left: number };

/** The promise of a first reply, while one runs. */
export function promised(
  row: Pick<ConversationRow, "waiting_since" | "due_at">,
  now: number,
): Promised | null {
  if (row.waiting_since === null || row.due_at === null) return null;
  const whole = Math.max(1, row.due_at - row.waiting_since);
  const elapsed = Math.max(0, now - row.waiting_since);
  const left = row.due_at - now;
  const value = Math.min(1, elapsed / whole);
  return { tone: left < 0 ? "breached" : value >= SOON ? "soon" : "ok", value, elapsed, left };
}

/** What the list says where nobody waits. */
export type Rest = "resolved" | "snoozedState" | "withBot" | "replied" | "awaitCustomer";

export function rest(row: Pick<ConversationRow, "status" | "handler" | "last_author">): Rest {
  if (row.status === "resolved" || row.status === "closed") return "resolved";
  if (row.status === "snoozed") return "snoozedState";
  if (row.handler.kind === "bot") return "withBot";
  return row.last_author === "me" || row.last_author === "colleague" ? "replied" : "awaitCustomer";
}

import type { BellView } from "@/ipc/generated/BellView";
import type { Tag } from "@/ipc/generated/Tag";
import type { Data, Handlers } from "./fixture";

const CONVERSATION = "0190a000-0000-7000-8000-000000000001";

/** What the agent was told today and the day before. */
export function bellOf(now: number): BellView {
  const lines: BellView["lines"] = [
    {
      n: 5,
      at: now - 4 * 60_000,
      what: { kind: "mentioned", conversation_id: CONVERSATION, number: "C-10293" },
    },
    {
      n: 4,
      at: now - 26 * 60_000,
      what: {
        kind: "ticket",
        ticket_id: "0190f000-0000-7000-8000-000000000001",
        number: "T-00817",
        news: "warned",
      },
    },
    { n: 3, at: now - 3 * 3_600_000, what: { kind: "notice", code: "pending_delivered" } },
    {
      n: 2,
      at: now - 26 * 3_600_000,
      what: {
        kind: "returned",
        conversation_id: CONVERSATION,
        number: "C-10293",
        reason: "unreachable",
      },
    },
    { n: 1, at: now - 27 * 3_600_000, what: { kind: "notice", code: "key_changed" } },
  ];
  return { lines, seen: 3, n_new: 2 };
}

type Own = "bell.list" | "bell.seen";

export const alertHandlers = (
  data: Data,
  changed: (...tags: Tag[]) => void,
): Pick<Handlers, Own> => ({
  "bell.list": () => data.bell,
  "bell.seen": ({ up_to }) => {
    const { lines } = data.bell;
    data.bell = { lines, seen: up_to, n_new: lines.filter(({ n }) => n > up_to).length };
    changed({ tag: "bell" });
    return data.bell;
  },
});

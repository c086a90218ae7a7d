import type { ActionId } from "@/hotkeys";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { SearchHit } from "@/ipc/generated/SearchHit";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { IconName } from "@/kit/Icon";

/** Something that the palette offers. */
export type Entry =
  | { kind: "action"; key: string; id: ActionId; icon: IconName; label: string; keys: string }
  | { kind: "conversation"; key: string; row: ConversationRow }
  | { kind: "ticket"; key: string; row: TicketRow }
  | { kind: "message"; key: string; hit: Extract<SearchHit, { kind: "message" }> }
  | { kind: "contact"; key: string; hit: Extract<SearchHit, { kind: "contact" }> }
  | { kind: "faq"; key: string; hit: Extract<SearchHit, { kind: "faq" }> };

export type EntryKind = Entry["kind"];
export const KINDS: readonly EntryKind[] = [
  "action",
  "conversation",
  "ticket",
  "message",
  "contact",
  "faq",
];

const PER_KIND = 6;
const has = (text: string, query: string) => text.toLowerCase().includes(query);

/** The offers for what is typed, by kind. With nothing typed: the commands, then who is open. */
export function offers(
  query: string,
  actions: readonly Entry[],
  rows: readonly ConversationRow[],
  hits: readonly SearchHit[],
  tickets: readonly TicketRow[] = [],
): Entry[] {
  const words = query.trim().toLowerCase();
  const found = actions.filter(
    (entry) =>
      entry.kind === "action" && (words === "" || has(entry.label, words) || has(entry.id, words)),
  );
  const conversations = rows
    .filter(
      ({ name, number, last_text }) =>
        words === "" || has(name, words) || has(number, words) || has(last_text, words),
    )
    .slice(0, PER_KIND)
    .map((row): Entry => ({ kind: "conversation", key: `c-${row.id}`, row }));
  const searched = words === "" ? [] : hits.flatMap(entryOf);
  const capped = (kind: EntryKind) =>
    searched.filter((entry) => entry.kind === kind).slice(0, PER_KIND);
  const commands = words === "" ? found : found.slice(0, PER_KIND);
  const head = words === "" ? [...conversations, ...commands] : [...commands, ...conversations];
  const named = tickets
    .slice(0, PER_KIND)
    .map((row): Entry => ({ kind: "ticket", key: `t-${row.id}`, row }));
  const all = [...head, ...named, ...capped("message"), ...capped("contact"), ...capped("faq")];
  const everywhere = actions.filter(
    (entry) =>
      words !== "" && all.length > 0 && entry.kind === "action" && entry.id === "searchAll",
  );
  return [...all.filter((entry) => !everywhere.includes(entry)), ...everywhere];
}

/** Tickets come from their own list. */
function entryOf(hit: SearchHit): Entry[] {
  switch (hit.kind) {
    case "message":
      return [{ kind: "message", key: `m-${hit.conversation_id}-${hit.seq}`, hit }];
    case "conversation": {
      // Known by its number; there is no place in it to go to.
      const known = { kind: "message", seq: 0, author: "customer", note: false } as const;
      const key = `n-${hit.conversation_id}`;
      return [{ kind: "message", key, hit: { ...hit, ...known, marks: [] } }];
    }
    case "contact":
      return [{ kind: "contact", key: `p-${hit.conversation_id}`, hit }];
    case "faq":
      return [{ kind: "faq", key: `f-${hit.faq_id}`, hit }];
    case "ticket":
      return [];
  }
}

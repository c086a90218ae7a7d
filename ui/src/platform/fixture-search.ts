import type { Commands } from "@/ipc/generated/Commands";
import type { FindKind } from "@/ipc/generated/FindKind";
import type { PagePlace } from "@/ipc/generated/PagePlace";
import type { SearchHit } from "@/ipc/generated/SearchHit";
import type { Data } from "./fixture";

const KINDS: readonly FindKind[] = ["message", "conversation", "contact", "ticket", "faq"];

/** Everything of the sample desk in which the words stand. */
export function hits(data: Data, query: string): SearchHit[] {
  const [first] = data.rows;
  const span = (text: string) => ({
    start: text.indexOf(query),
    end: text.indexOf(query) + query.length,
  });
  return [
    ...[...data.messages, ...data.older]
      .filter((each) => each.text.includes(query))
      .map((each) => ({
        kind: "message" as const,
        conversation_id: first?.id ?? "",
        number: first?.number ?? "",
        seq: each.seq,
        name: first?.name ?? "",
        channel: first?.channel ?? ("web" as const),
        author: each.author,
        note: each.note != null,
        text: each.text,
        marks: [span(each.text)],
        at: each.at,
      })),
    ...data.rows
      .filter((each) => each.number === query)
      .map((each) => ({
        kind: "conversation" as const,
        conversation_id: each.id,
        number: each.number,
        name: each.name,
        channel: each.channel,
        text: each.last_text,
        at: each.last_at,
      })),
    ...data.rows
      .filter((each) => each.name.includes(query))
      .map((each) => ({
        kind: "contact" as const,
        conversation_id: each.id,
        number: each.number,
        name: each.name,
        value_tier: "gold" as const,
        at: each.last_at,
      })),
    ...data.tickets.rows
      .filter((each) => each.title.includes(query) || each.number === query)
      .map((each) => ({
        kind: "ticket" as const,
        ticket_id: each.id,
        number: each.number,
        title: each.title,
        state: each.state,
        department: each.department,
        name: each.customer,
        text: each.title,
        marks: each.title.includes(query) ? [span(each.title)] : [],
        at: each.updated_at,
      })),
    ...data.suggestions
      .filter((each) => each.question.includes(query))
      .map((each) => ({ kind: "faq" as const, ...each, question_marks: [span(each.question)] })),
  ];
}

/** The same, filtered by kind and author, in windows. */
export function found(
  data: Data,
  { query, kind, author, offset, limit }: Commands["search.find"]["request"],
): Commands["search.find"]["response"] {
  const by = { customer: ["customer"], bot: ["bot"], agent: ["me", "colleague"] };
  const all = hits(data, query).filter(
    (hit) => author === null || (hit.kind === "message" && by[author].includes(hit.author)),
  );
  const shown = all.filter((hit) => kind === null || hit.kind === kind);
  return {
    items: shown.slice(offset, offset + limit),
    total: shown.length,
    counts: KINDS.map((each) => ({
      kind: each,
      n: all.filter((hit) => hit.kind === each).length,
      or_more: false,
    })),
    is_behind: false,
  };
}

/** Some messages of the first conversation, and whether there are more on either side. */
export function pageOf(
  data: Data,
  place: PagePlace,
  limit: number,
): Commands["conversation.messages"]["response"] {
  const all = [...data.older, ...data.messages].filter(({ seq }) => seq > 0);
  const at = all.findIndex(({ seq }) => seq >= place.seq);
  const from = {
    before: at < 0 ? all.length - limit : at - limit,
    after: all.findIndex(({ seq }) => seq > place.seq),
    around: at - Math.floor(limit / 2),
  }[place.kind];
  const end = {
    before: at < 0 ? all.length : at,
    after: from < 0 ? all.length : from + limit,
    around: at + Math.ceil(limit / 2),
  }[place.kind];
  const start = place.kind === "after" && from < 0 ? all.length : Math.max(0, from);
  return {
    messages: all.slice(start, end),
    has_older: start > 0,
    has_newer: end < all.length && end > start,
  };
}

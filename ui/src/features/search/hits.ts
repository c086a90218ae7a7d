import type { SearchHit } from "@/ipc/generated/SearchHit";

/** What a hit is known by among others. */
export function keyOf(hit: SearchHit): string {
  switch (hit.kind) {
    case "message":
      return `m-${hit.conversation_id}-${hit.seq}`;
    case "conversation":
      return `c-${hit.conversation_id}`;
    case "contact":
      return `p-${hit.conversation_id}`;
    case "ticket":
      return `t-${hit.ticket_id}`;
    case "faq":
      return `f-${hit.faq_id}`;
  }
}

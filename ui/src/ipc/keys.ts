import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { ConversationId } from "./generated/ConversationId";
import type { EngineDraft } from "./generated/EngineDraft";
import type { FaqListArgs } from "./generated/FaqListArgs";
import type { InboxArgs } from "./generated/InboxArgs";
import type { Tag } from "./generated/Tag";

/** Query keys. The first part is the tag's name, so that a tag names exactly what hangs on it. */
export const keys = {
  session: ["session"] as const,
  connection: ["connection"] as const,
  info: ["info"] as const,
  inbox: ({ scope, sort }: InboxArgs) => ["inbox", scope, sort] as const,
  conversation: (id: ConversationId) => ["conversation", id, "view"] as const,
  older: (id: ConversationId, beforeSeq: number) =>
    ["conversation", id, "older", beforeSeq] as const,
  assist: (id: ConversationId) => ["conversation", id, "assist"] as const,
  thumbs: (id: ConversationId) => ["conversation", id, "thumbs"] as const,
  faqSearch: (query: string) => ["faq", "search", query] as const,
  search: (query: string) => ["search", query] as const,
  explanation: (id: ConversationId, faqId: string) =>
    ["conversation", id, "assist", "why", faqId] as const,
  faqList: (args: FaqListArgs) =>
    ["faq", "list", args.query, args.business_line, args.category] as const,
  learned: (id: string) => ["faq", "learned", id] as const,
  faqEntry: (id: string) => ["faq", "entry", id] as const,
  health: ["health"] as const,
  engine: ["engine", "view"] as const,
  engineCheck: (draft: EngineDraft) => ["draft", JSON.stringify(draft)] as const,
  outbox: ["outbox"] as const,
  choices: ["faq", "choices"] as const,
  settings: ["settings"] as const,
  security: ["security"] as const,
  backups: ["backup"] as const,
};

/** Whether what is cached under a key hangs on a tag. */
export function hangsOn(key: QueryKey, tag: Tag): boolean {
  const [head, id, part] = key;
  switch (tag.tag) {
    case "inbox":
      return head === "inbox" || head === "search";
    case "conversation":
      return (head === "conversation" && id === tag.id && part !== "older") || head === "search";
    case "faq":
      return (
        head === "faq" ||
        head === "health" ||
        head === "search" ||
        (head === "conversation" && part === "assist")
      );
    case "engine":
      return head === "engine";
    case "health":
      return head === "health";
    case "outbox":
      return head === "outbox" || head === "engine";
    case "settings":
      return head === "settings";
    case "security":
      return head === "security";
    case "backup":
      return head === "backup";
  }
}

/** Asks again for exactly what the tags name. */
export function invalidate(client: QueryClient, tags: readonly Tag[]): void {
  const predicate = ({ queryKey }: { queryKey: QueryKey }) =>
    tags.some((tag) => hangsOn(queryKey, tag));
  // A first answer that is under way may be from before the change and is not asked for twice at
  // once: it is asked for again when it is there.
  for (const { state, promise, queryKey } of client.getQueryCache().findAll({ predicate })) {
    if (state.data !== undefined || state.fetchStatus === "idle") continue;
    const again = () => void client.invalidateQueries({ queryKey, exact: true });
    void promise?.then(again, again);
  }
  void client.invalidateQueries({ predicate });
}

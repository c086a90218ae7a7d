import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { AlertPreviewArgs } from "./generated/AlertPreviewArgs";
import type { AlertScope } from "./generated/AlertScope";
import type { ConversationId } from "./generated/ConversationId";
import type { EngineDraft } from "./generated/EngineDraft";
import type { FaqListArgs } from "./generated/FaqListArgs";
import type { FilePart } from "./generated/FilePart";
import type { FindArgs } from "./generated/FindArgs";
import type { FormDraft } from "./generated/FormDraft";
import type { InboxArgs } from "./generated/InboxArgs";
import type { LiveArgs } from "./generated/LiveArgs";
import type { MetricsBoardArgs } from "./generated/MetricsBoardArgs";
import type { MetricsRowsArgs } from "./generated/MetricsRowsArgs";
import type { PageArgs } from "./generated/PageArgs";
import type { QaListArgs } from "./generated/QaListArgs";
import type { QaMonthsArgs } from "./generated/QaMonthsArgs";
import type { QaReviewId } from "./generated/QaReviewId";
import type { QaSumArgs } from "./generated/QaSumArgs";
import type { RuleDraft } from "./generated/RuleDraft";
import type { SampleDraft } from "./generated/SampleDraft";
import type { Status } from "./generated/Status";
import type { Tag } from "./generated/Tag";
import type { TicketBoardArgs } from "./generated/TicketBoardArgs";
import type { TicketBulkAct } from "./generated/TicketBulkAct";
import type { TicketFilter } from "./generated/TicketFilter";
import type { TicketId } from "./generated/TicketId";
import type { TicketListArgs } from "./generated/TicketListArgs";
import type { TicketType } from "./generated/TicketType";
import type { TicketTypeId } from "./generated/TicketTypeId";

/** Query keys. The first part is the tag's name, so that a tag names exactly what hangs on it. */
export const keys = {
  session: ["session"] as const,
  connection: ["connection"] as const,
  info: ["info"] as const,
  inbox: ({ scope, sort, offset, limit, filter }: InboxArgs) =>
    ["inbox", scope, sort, offset, limit, filter ? JSON.stringify(filter) : ""] as const,
  inboxChoices: ["inbox", "choices"] as const,
  canned: ["canned", "list"] as const,
  /** Who may be named in a note; groups change with the same rows as the inbox. */
  colleagues: (id: ConversationId) => ["inbox", "colleagues", id] as const,
  conversation: (id: ConversationId) => ["conversation", id, "view"] as const,
  /** Where in a conversation something was said. New messages are found when they are looked for again. */
  places: (id: ConversationId, query: string) => ["places", id, query] as const,
  /** Some messages of a conversation: what was said stays said. */
  page: ({ conversation_id, place, limit }: PageArgs) =>
    ["page", conversation_id, place.kind, place.seq, limit] as const,
  customer: (id: ConversationId) => ["customer", id] as const,
  /** Rows of other customers change them too. */
  people: (id: ConversationId) => ["inbox", "people", id] as const,
  peopleFound: (id: ConversationId, query: string) => ["inbox", "peopleFound", id, query] as const,
  peoplePair: (id: ConversationId, other: string) => ["inbox", "peoplePair", id, other] as const,
  live: (args: LiveArgs) => ["inbox", "live", JSON.stringify(args)] as const,
  /** What agents have: asked for now and then, not at each change of a conversation. */
  agentLoad: (group: string | null) => ["load", group] as const,
  /** Files that wait beside a reply; what the server gives never changes. */
  staged: (id: ConversationId) => ["staged", id] as const,
  file: (id: string, part: FilePart) => ["file", id, part] as const,
  assist: (id: ConversationId) => ["conversation", id, "assist"] as const,
  thumbs: (id: ConversationId) => ["conversation", id, "thumbs"] as const,
  faqSearch: (query: string) => ["faq", "search", query] as const,
  search: (query: string) => ["search", query] as const,
  /** The search screen asks anew when something is typed, not whenever something comes in. */
  found: (args: FindArgs) => ["found", JSON.stringify(args)] as const,
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
  routing: ["inbox", "routing"] as const,
  /** Accounts and groups: asked of the server, whatever the rows here say. */
  members: ["members"] as const,
  offers: ["inbox", "offers"] as const,
  /** Who is there changes while the list is looked at. */
  targets: (id: ConversationId) => ["inbox", "targets", id] as const,
  choices: ["faq", "choices"] as const,
  settings: ["settings"] as const,
  /** Views of the inbox, the agent's own at every desk. */
  views: ["personal", "views"] as const,
  /** Views of the tickets, likewise. */
  ticketViews: ["personal", "ticketViews"] as const,
  /** What customers said of the agent. */
  mySurveys: (days: number) => ["surveys", "mine", days] as const,
  /** Reviews, forms and sampling rules of quality. */
  qaList: (args: Omit<QaListArgs, "from" | "limit">) =>
    ["quality", "list", JSON.stringify(args)] as const,
  qaReview: (id: QaReviewId, blind: boolean) => ["quality", "review", id, blind] as const,
  qaMine: (days: number) => ["quality", "mine", days] as const,
  qaMonths: (args: QaMonthsArgs) => ["quality", "months", JSON.stringify(args)] as const,
  qaForms: ["quality", "forms"] as const,
  /** Whether a conversation is reviewed, or can be picked where it stands. */
  qaOf: (id: ConversationId, status: Status, seq: number) =>
    ["quality", "of", id, status, seq] as const,
  qaRules: ["quality", "rules"] as const,
  /** What marks come to, and what is wrong with a draft, follows from what is asked alone. */
  qaSum: (args: QaSumArgs) => ["draft", "qaSum", JSON.stringify(args)] as const,
  qaFormCheck: (draft: FormDraft) => ["draft", "qaForm", JSON.stringify(draft)] as const,
  qaRuleCheck: (draft: SampleDraft) => ["draft", "qaRule", JSON.stringify(draft)] as const,
  alerts: (scope: AlertScope) => ["alerts", scope] as const,
  alertRules: ["alertRules"] as const,
  alertRuleCheck: (draft: RuleDraft) => ["draft", "alertRule", JSON.stringify(draft)] as const,
  alertPreview: ({ draft, days }: AlertPreviewArgs) =>
    ["draft", "alertPreview", days, JSON.stringify(draft)] as const,
  alertPrefs: ["personal", "alerts"] as const,
  /** Alerts that come and go are sent and cancelled. */
  delivery: ["alerts", "delivery"] as const,
  /** What the agent was told at this desk. */
  bell: ["bell"] as const,
  /** What went back to the queues while the agent was gone. */
  returned: ["inbox", "returned"] as const,
  security: ["security"] as const,
  backups: ["backup"] as const,
  metricsBoard: (args: MetricsBoardArgs) => ["metrics", "board", JSON.stringify(args)] as const,
  /** Asked of the server anew whenever they are looked at. */
  metricsRows: (args: Omit<MetricsRowsArgs, "after" | "limit">) =>
    ["behind", JSON.stringify(args)] as const,
  ticketBoard: (args: TicketBoardArgs) => ["tickets", "board", JSON.stringify(args)] as const,
  ticketTable: (args: Pick<TicketListArgs, "filter" | "sort" | "reversed">) =>
    ["tickets", "table", JSON.stringify(args)] as const,
  ticketList: (filter: TicketFilter, limit: number) =>
    ["tickets", "list", JSON.stringify(filter), limit] as const,
  ticketWindow: (args: TicketListArgs) => ["tickets", "window", JSON.stringify(args)] as const,
  ticketBulk: (ids: readonly TicketId[], act: TicketBulkAct) =>
    ["tickets", "bulk", ids, JSON.stringify(act)] as const,
  ticket: (id: TicketId) => ["ticket", id] as const,
  /** Who may be named in a note; who sees it changes with the ticket. */
  ticketColleagues: (id: TicketId) => ["ticket", id, "colleagues"] as const,
  ticketChoices: ["ticketTypes", "choices"] as const,
  ticketTypes: ["ticketTypes", "list"] as const,
  ticketTypeCheck: (kind: TicketType) => ["draft", "ticketType", JSON.stringify(kind)] as const,
  ticketForm: (conversation: ConversationId | null, type: TicketTypeId | null) =>
    ["draft", "ticket", conversation, type] as const,
};

/** Whether what is cached under a key hangs on a tag. */
export function hangsOn(key: QueryKey, tag: Tag): boolean {
  const [head, id, part] = key;
  switch (tag.tag) {
    case "inbox":
      return head === "inbox" || head === "search";
    case "conversation":
      return ((head === "conversation" || head === "staged") && id === tag.id) || head === "search";
    case "customer":
      return head === "customer" && id === tag.id;
    case "faq":
      return (
        head === "faq" ||
        head === "health" ||
        head === "search" ||
        (head === "conversation" && part === "assist")
      );
    case "canned":
      return head === "canned";
    case "engine":
      return head === "engine";
    case "health":
      return head === "health";
    case "outbox":
      return head === "outbox" || head === "engine";
    case "bell":
      return head === "bell";
    case "alerts":
      return head === "alerts" || head === "alertRules";
    case "alert_rules":
      return head === "alertRules";
    case "personal":
      return head === "personal";
    case "surveys":
      // What is known of an entry comes with them.
      return head === "surveys" || (head === "faq" && id === "entry");
    case "quality":
      return head === "quality";
    case "settings":
      return head === "settings";
    case "security":
      return head === "security";
    case "backup":
      return head === "backup";
    case "tickets":
      return head === "tickets" || head === "search";
    case "ticket":
      return head === "ticket" && id === tag.id;
    case "metrics":
      return head === "metrics";
    case "ticket_types":
      return head === "ticketTypes";
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

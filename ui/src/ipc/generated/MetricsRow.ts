import type { AgentId } from "./AgentId";
import type { ConversationId } from "./ConversationId";
import type { GroupId } from "./GroupId";
import type { TicketId } from "./TicketId";

export type MetricsRow = { conversation_id: ConversationId | null, ticket_id: TicketId | null, number: string, at: number, part: number, whole: number, ms: number | null, group: GroupId, agent: AgentId | null, };

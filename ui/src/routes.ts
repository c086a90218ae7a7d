import { create } from "zustand";
import type { AlertId } from "@/ipc/generated/AlertId";
import type { AlertRuleId } from "@/ipc/generated/AlertRuleId";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { InboxScope } from "@/ipc/generated/InboxScope";
import type { QaReviewId } from "@/ipc/generated/QaReviewId";
import type { TicketId } from "@/ipc/generated/TicketId";
import { ofAgent } from "@/lib/agent";

/** The rooms that exist. */
export type Room =
  | "inbox"
  | "live"
  | "tickets"
  | "knowledge"
  | "metrics"
  | "alerts"
  | "quality"
  | "search"
  | "settings";
/** What the knowledge room shows. */
type KnowledgeTab = "entries" | "health";
/** What the settings show. */
export type SettingsTab =
  | "desk"
  | "keys"
  | "canned"
  | "engine"
  | "members"
  | "routing"
  | "tickets"
  | "surveys";
/** What the room of alerts shows. */
export type AlertsTab = "list" | "rules" | "delivery" | "mine";
/** What the room of quality shows. */
export type QualityTab =
  | "reviews"
  | "calibrate"
  | "mine"
  | "surveys"
  | "months"
  | "forms"
  | "rules";
/** What stands over the room. */
type Overlay = "palette" | "keys" | "outbox" | null;

type Routes = {
  room: Room;
  overlay: Overlay;
  scope: InboxScope;
  open: ConversationId | null;
  /** A message to bring into sight, set by a search. */
  seek: number | null;
  knowledgeTab: KnowledgeTab;
  /** The entry of the knowledge that is open. */
  faq: string | null;
  settingsTab: SettingsTab;
  /** The ticket that is open. */
  ticket: TicketId | null;
  /** A ticket is being written, from a conversation or from none. */
  filing: { from: ConversationId | null } | null;
  alertsTab: AlertsTab;
  /** The alert that is looked at. */
  alert: AlertId | null;
  /** The rule that is being edited; a new one has no id yet. */
  rule: AlertRuleId | "new" | null;
  /** None: the first that there is. */
  qualityTab: QualityTab | null;
  /** The review that is looked at. */
  review: QaReviewId | null;
  go: (room: Room) => void;
  show: (overlay: Overlay) => void;
  setScope: (scope: InboxScope) => void;
  openConversation: (id: ConversationId | null, seek?: number) => void;
  sought: () => void;
  showKnowledge: (tab: KnowledgeTab) => void;
  openFaq: (id: string | null) => void;
  showSettings: (tab: SettingsTab) => void;
  showAlerts: (tab: AlertsTab) => void;
  openAlert: (id: AlertId | null) => void;
  editRule: (id: AlertRuleId | "new" | null) => void;
  showQuality: (tab: QualityTab) => void;
  openReview: (id: QaReviewId | null) => void;
  /** A review in the room of quality, from elsewhere. */
  showReview: (tab: QualityTab, id: QaReviewId) => void;
  openTicket: (id: TicketId | null) => void;
  fileTicket: (filing: { from: ConversationId | null } | null) => void;
};

/** Where the window stands. */
export const useRoutes = create<Routes>((set) => ({
  room: "inbox",
  overlay: null,
  scope: "mine",
  open: null,
  seek: null,
  knowledgeTab: "entries",
  faq: null,
  settingsTab: "desk",
  ticket: null,
  alertsTab: "list",
  alert: null,
  rule: null,
  filing: null,
  qualityTab: null,
  review: null,
  go: (room) => set({ room, overlay: null }),
  show: (overlay) => set({ overlay }),
  setScope: (scope) => set({ scope }),
  openConversation: (open, seek) => set({ open, seek: seek ?? null, room: "inbox", overlay: null }),
  sought: () => set({ seek: null }),
  showKnowledge: (knowledgeTab) => set({ knowledgeTab, room: "knowledge", overlay: null }),
  openFaq: (faq) => set({ faq, knowledgeTab: "entries", room: "knowledge", overlay: null }),
  showAlerts: (alertsTab) => set({ alertsTab, room: "alerts", overlay: null }),
  openAlert: (alert) => set({ alert, alertsTab: "list", room: "alerts", overlay: null }),
  editRule: (rule) => set({ rule, alertsTab: "rules", room: "alerts", overlay: null }),
  showQuality: (qualityTab) => set({ qualityTab, review: null, room: "quality", overlay: null }),
  openReview: (review) => set({ review }),
  showReview: (qualityTab, review) => set({ qualityTab, review, room: "quality", overlay: null }),
  openTicket: (ticket) => set({ ticket, room: "tickets", overlay: null }),
  fileTicket: (filing) => set({ filing, overlay: null }),
  showSettings: (settingsTab) => set({ settingsTab, room: "settings", overlay: null }),
}));
ofAgent(useRoutes);

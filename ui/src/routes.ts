import { create } from "zustand";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { InboxScope } from "@/ipc/generated/InboxScope";
import type { TicketId } from "@/ipc/generated/TicketId";

/** The rooms that exist. */
export type Room = "inbox" | "live" | "tickets" | "knowledge" | "search" | "settings";
/** What the knowledge room shows. */
type KnowledgeTab = "entries" | "health";
/** What the settings show. */
export type SettingsTab = "desk" | "keys" | "canned" | "engine" | "tickets" | "routing";
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
  go: (room: Room) => void;
  show: (overlay: Overlay) => void;
  setScope: (scope: InboxScope) => void;
  openConversation: (id: ConversationId | null, seek?: number) => void;
  sought: () => void;
  showKnowledge: (tab: KnowledgeTab) => void;
  openFaq: (id: string | null) => void;
  showSettings: (tab: SettingsTab) => void;
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
  filing: null,
  go: (room) => set({ room, overlay: null }),
  show: (overlay) => set({ overlay }),
  setScope: (scope) => set({ scope }),
  openConversation: (open, seek) => set({ open, seek: seek ?? null, room: "inbox", overlay: null }),
  sought: () => set({ seek: null }),
  showKnowledge: (knowledgeTab) => set({ knowledgeTab, room: "knowledge", overlay: null }),
  openFaq: (faq) => set({ faq, knowledgeTab: "entries", room: "knowledge", overlay: null }),
  openTicket: (ticket) => set({ ticket, room: "tickets", overlay: null }),
  fileTicket: (filing) => set({ filing, overlay: null }),
  showSettings: (settingsTab) => set({ settingsTab, room: "settings", overlay: null }),
}));

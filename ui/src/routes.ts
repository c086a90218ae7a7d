import { create } from "zustand";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { InboxScope } from "@/ipc/generated/InboxScope";

/** The rooms that exist. */
export type Room = "inbox" | "settings";
/** What stands over the room. */
type Overlay = "palette" | "keys" | "outbox" | null;

type Routes = {
  room: Room;
  overlay: Overlay;
  scope: InboxScope;
  open: ConversationId | null;
  /** A message to bring into sight, set by a search. */
  seek: number | null;
  go: (room: Room) => void;
  show: (overlay: Overlay) => void;
  setScope: (scope: InboxScope) => void;
  openConversation: (id: ConversationId | null, seek?: number) => void;
  sought: () => void;
};

/** Where the window stands. */
export const useRoutes = create<Routes>((set) => ({
  room: "inbox",
  overlay: null,
  scope: "mine",
  open: null,
  seek: null,
  go: (room) => set({ room, overlay: null }),
  show: (overlay) => set({ overlay }),
  setScope: (scope) => set({ scope }),
  openConversation: (open, seek) => set({ open, seek: seek ?? null, room: "inbox", overlay: null }),
  sought: () => set({ seek: null }),
}));

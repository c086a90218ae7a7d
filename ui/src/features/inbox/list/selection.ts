import { create } from "zustand";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { toggled } from "./filter";

/** The most conversations that are acted on at once. */
const MOST = 200;

type Selection = {
  /** Whether rows are being ticked. */
  on: boolean;
  ids: readonly ConversationId[];
  toggle: (id: ConversationId) => void;
  all: (ids: readonly ConversationId[]) => void;
  clear: () => void;
};

/** The rows that are ticked. */
export const useSelection = create<Selection>((set) => ({
  on: false,
  ids: [],
  toggle: (id) => set(({ ids }) => ({ on: true, ids: toggled(ids, id).slice(0, MOST) })),
  all: (ids) => set({ on: true, ids: ids.slice(0, MOST) }),
  clear: () => set({ on: false, ids: [] }),
}));

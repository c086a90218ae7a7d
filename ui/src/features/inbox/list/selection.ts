import { create } from "zustand";
import type { BulkFailure } from "@/ipc/generated/BulkFailure";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { ofAgent } from "@/lib/agent";
import { toggled } from "./filter";

/** The most conversations that are acted on at once. */
const MOST = 200;

type Selection = {
  /** Whether rows are being ticked. */
  on: boolean;
  ids: readonly ConversationId[];
  /** Those of them that the last act was not done to, and why. */
  failed: readonly BulkFailure[];
  toggle: (id: ConversationId) => void;
  all: (ids: readonly ConversationId[], failed?: readonly BulkFailure[]) => void;
  clear: () => void;
};

/** The rows that are ticked. */
export const useSelection = create<Selection>((set) => ({
  on: false,
  ids: [],
  failed: [],
  toggle: (id) =>
    set(({ ids }) => ({ on: true, ids: toggled(ids, id).slice(0, MOST), failed: [] })),
  all: (ids, failed = []) => set({ on: true, ids: ids.slice(0, MOST), failed }),
  clear: () => set({ on: false, ids: [], failed: [] }),
}));
ofAgent(useSelection);

/** Whether a key means the open conversation: where rows are ticked it means them. */
export const useNoneTicked = (): boolean => useSelection(({ ids }) => ids.length === 0);

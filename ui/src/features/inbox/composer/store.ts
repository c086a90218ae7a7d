import { create } from "zustand";
import type { CannedView } from "@/ipc/generated/CannedView";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { MessageView } from "@/ipc/generated/MessageView";

/** What goes along with the text that is being written in a conversation. */
export type Along = {
  /** Whether a note to colleagues is being written instead of a reply. */
  note: boolean;
  /** The message that the reply answers. */
  quote: MessageView | null;
  /** The canned replies that went into the text. */
  canned: readonly string[];
  /** Macros whose acts follow once the reply is sent. */
  macros: readonly CannedView[];
};

const NOTHING: Along = { note: false, quote: null, canned: [], macros: [] };

type Composing = {
  along: Record<ConversationId, Along>;
  change: (id: ConversationId, change: Partial<Along>) => void;
};

/** What goes along with what is being written, by conversation. */
export const useComposing = create<Composing>((set) => ({
  along: {},
  change: (id, change) =>
    set(({ along }) => ({
      along: { ...along, [id]: { ...(along[id] ?? NOTHING), ...change } },
    })),
}));

/** The same of one conversation. */
export const useAlong = (id: ConversationId): Along =>
  useComposing(({ along }) => along[id] ?? NOTHING);

/** What goes along with the text of a conversation at this moment. */
export const alongOf = (id: ConversationId): Along => useComposing.getState().along[id] ?? NOTHING;

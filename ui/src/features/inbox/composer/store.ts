import { create } from "zustand";
import type { CannedView } from "@/ipc/generated/CannedView";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { MessageView } from "@/ipc/generated/MessageView";
import { ofAgent } from "@/lib/agent";

/** What goes along with the text that is being written in a conversation. */
export type Along = {
  /** Whether a note to colleagues is being written instead of a reply. */
  note: boolean;
  /** Whether a whisper between a lead and the agent is. */
  whisper: boolean;
  /** The whisper that is being written; none where nothing was written in this window. */
  whispered: string | null;
  /** The message that the reply answers. */
  quote: MessageView | null;
  /** The canned replies that went into the text. */
  canned: readonly string[];
  /** Macros whose acts follow once the reply is sent. */
  macros: readonly CannedView[];
};

const NOTHING: Along = {
  note: false,
  whisper: false,
  whispered: null,
  quote: null,
  canned: [],
  macros: [],
};

type Composing = {
  along: Record<ConversationId, Along>;
  change: (id: ConversationId, change: Partial<Along>) => void;
  /** Forgets what went along with a reply, and keeps what was chosen for the next one meanwhile. */
  sent: (id: ConversationId, gone: Pick<Along, "quote" | "canned" | "macros">) => void;
};

/** What goes along with what is being written, by conversation. */
export const useComposing = create<Composing>((set, get) => ({
  along: {},
  change: (id, change) =>
    set(({ along }) => ({
      along: { ...along, [id]: { ...(along[id] ?? NOTHING), ...change } },
    })),
  sent: (id, gone) => {
    const { quote, canned, macros } = get().along[id] ?? NOTHING;
    get().change(id, {
      quote: quote === gone.quote ? null : quote,
      canned: canned.filter((one) => !gone.canned.includes(one)),
      macros: macros.filter((one) => !gone.macros.includes(one)),
    });
  },
}));
ofAgent(useComposing);

/** Whether this agent may whisper here: as a lead to the agent at it, or as that one to the leads. */
export const mayWhisper = ({ supervise }: ConversationView): boolean =>
  supervise !== undefined && (supervise.may_whisper || supervise.may_answer);

/** The same of one conversation. */
export const useAlong = (id: ConversationId): Along =>
  useComposing(({ along }) => along[id] ?? NOTHING);

/** What goes along with the text of a conversation at this moment. */
export const alongOf = (id: ConversationId): Along => useComposing.getState().along[id] ?? NOTHING;

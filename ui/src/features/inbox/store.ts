import { create } from "zustand";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { InboxFilter } from "@/ipc/generated/InboxFilter";
import type { InboxSort } from "@/ipc/generated/InboxSort";
import type { MessageView } from "@/ipc/generated/MessageView";
import { ofAgent } from "@/lib/agent";
import type { Source } from "@/parts/drafts";
import type { Undo } from "@/parts/undo";

type AssistTab = "answers" | "contact";

/** A reply that was stopped, and what the agent has not seen. */
type Stopped = {
  kind: "stale" | "held";
  id: ConversationId;
  text: string;
  source: Source | null;
  fromComposer: boolean;
  missed: MessageView[];
};

type Desk = {
  sort: InboxSort;
  /** What the list is narrowed to; null while it is whole. */
  filter: InboxFilter | null;
  /** The row that the arrow keys stand on. */
  row: ConversationId | null;
  /** The rows of the list that are about to be seen. */
  range: { list: string; from: number; to: number };
  tab: AssistTab;
  /** What is searched in the assist pane; null while it shows suggestions. */
  faqQuery: string | null;
  /** Whether the open answer is explained. */
  why: boolean;
  /** Whether assist is shown where there is room for one side pane only. */
  assistOpen: boolean;
  /** What is looked for in the open conversation; null while nothing is. */
  find: string | null;
  /** The last position that was on the screen, by conversation. */
  seen: Record<ConversationId, number>;
  stopped: Stopped | null;
  /** What is asked about who has the open conversation. */
  routing: "transfer" | "snooze" | null;
  /** What takes back what was done last, while that is said. */
  undo: Undo | null;
  set: (change: Partial<Omit<Desk, "set" | "see">>) => void;
  see: (id: ConversationId, seq: number) => void;
};

/** What the inbox remembers beside the data. */
export const useDesk = create<Desk>((set) => ({
  sort: "waiting",
  filter: null,
  row: null,
  range: { list: "", from: 0, to: 0 },
  tab: "answers",
  faqQuery: null,
  why: false,
  assistOpen: false,
  find: null,
  seen: {},
  stopped: null,
  routing: null,
  undo: null,
  set: (change) => set(change),
  see: (id, seq) =>
    set(({ seen }) => ((seen[id] ?? 0) >= seq ? { seen } : { seen: { ...seen, [id]: seq } })),
}));
ofAgent(useDesk);

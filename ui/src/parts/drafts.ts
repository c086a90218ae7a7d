import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { OpId } from "@/ipc/generated/OpId";
import type { Suggestion } from "@/ipc/generated/Suggestion";
import { keys } from "@/ipc/keys";
import { ofAgent, onNextAgent } from "@/lib/agent";

const SAVE_AFTER_MS = 500;

export type Source = Pick<Suggestion, "faq_id" | "version">;
export type Draft = { text: string; source: Source | null };

type Drafts = {
  /** What stands in the composers, as long as it was touched in this window. */
  drafts: Record<ConversationId, Draft>;
  set: (id: ConversationId, draft: Draft) => void;
};

export const useDrafts = create<Drafts>((set) => ({
  drafts: {},
  set: (id, draft) => set(({ drafts }) => ({ drafts: { ...drafts, [id]: draft } })),
}));
ofAgent(useDrafts);

const waiting = new Map<
  ConversationId,
  { timer: ReturnType<typeof setTimeout>; save: () => Promise<void> }
>();

function remember(client: QueryClient, id: ConversationId, text: string): void {
  client.setQueryData(
    keys.conversation(id),
    (view: ConversationView | undefined) => view && { ...view, draft: text },
  );
}

/** The latest of the savings that have no answer yet, by its number. */
const saves = new Map<ConversationId, number>();
let lastSave = 0;

/** Whether a draft is on its way to the store: a view may come that was read before it. */
export const isSaving = (id: ConversationId): boolean => saves.has(id);

/** What was read while a draft was being kept may be older than it: it is read anew. */
function settle(client: QueryClient, id: ConversationId, text: string): void {
  saves.delete(id);
  const queryKey = keys.conversation(id);
  if (client.isFetching({ queryKey }) > 0) void client.invalidateQueries({ queryKey });
  remember(client, id, text);
}

/** Keeps what is written once the hands rest. */
function saveLater(client: QueryClient, id: ConversationId, text: string): void {
  clearTimeout(waiting.get(id)?.timer);
  const save = async () => {
    clearTimeout(waiting.get(id)?.timer);
    waiting.delete(id);
    remember(client, id, text);
    lastSave += 1;
    const n = lastSave;
    saves.set(id, n);
    try {
      await call("draft.save", { conversation_id: id, text });
    } finally {
      if (saves.get(id) === n) settle(client, id, text);
    }
  };
  // A draft that cannot be saved now stays in the composer and is saved with the next key.
  waiting.set(id, {
    timer: setTimeout(() => void save().catch(() => undefined), SAVE_AFTER_MS),
    save,
  });
}

/** Keeps it now: the conversation is being left. */
export async function flush(id: ConversationId): Promise<void> {
  await waiting
    .get(id)
    ?.save()
    .catch(() => undefined);
}

/** Writes and keeps. */
export function write(client: QueryClient, id: ConversationId, draft: Draft): void {
  useDrafts.getState().set(id, draft);
  saveLater(client, id, draft.text);
}

/** Puts an answer into a text at the caret, or instead of nothing. */
export function inserted(text: string, caret: number, answer: string): string {
  if (text.trim() === "") return answer;
  return text.slice(0, caret) + answer + text.slice(caret);
}

/** Whether an edit left anything of the text: if not, what it came from is no longer its source. */
export function leftOver(before: string, after: string): boolean {
  return (
    before !== "" && after !== "" && (before[0] === after[0] || before.at(-1) === after.at(-1))
  );
}

const carets = new Map<ConversationId, number>();

// What waits is not kept under the next agent's name, and its answer does not come to them.
onNextAgent(() => {
  for (const { timer } of waiting.values()) clearTimeout(timer);
  for (const map of [waiting, saves, carets]) map.clear();
});

/** Where the caret last stood. */
export const keepCaret = (id: ConversationId, at: number): void => void carets.set(id, at);

/** Puts an answer into the composer of a conversation. */
export function insertAnswer(
  client: QueryClient,
  id: ConversationId,
  suggestion: Suggestion,
): void {
  const cached = client.getQueryData<ConversationView>(keys.conversation(id))?.draft ?? "";
  const text = useDrafts.getState().drafts[id]?.text ?? cached;
  const { faq_id, version, answer } = suggestion;
  write(client, id, {
    text: inserted(text, carets.get(id) ?? text.length, answer),
    source: { faq_id, version },
  });
  carets.delete(id);
}

/** Gives up a refused reply. Its text goes back to the composer, after whatever stands there. */
export async function backToDraft(
  client: QueryClient,
  op: OpId,
  id: ConversationId | null,
): Promise<void> {
  if (id) await flush(id);
  await call("outbox.discard", { op_id: op });
  if (!id) return;
  const view = await client.fetchQuery({
    queryKey: keys.conversation(id),
    queryFn: () => call("conversation.get", { conversation_id: id }),
    staleTime: 0,
  });
  const here = useDrafts.getState().drafts[id]?.text ?? "";
  if (view.draft === here || view.draft === "") return;
  const text = here === "" || view.draft.includes(here) ? view.draft : `${here}\n${view.draft}`;
  write(client, id, { text, source: null });
}

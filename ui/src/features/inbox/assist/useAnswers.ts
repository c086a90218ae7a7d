import { useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { Suggestion } from "@/ipc/generated/Suggestion";
import { insertAnswer } from "@/parts/drafts";
import { useReply } from "../composer/useReply";
import { useDesk } from "../store";

export type Answers = {
  allowed: boolean;
  insert: (suggestion: Suggestion) => void;
  send: (suggestion: Suggestion) => void;
};

/** Inserts and sends answers, by button and by key. */
export function useAnswers(
  view: ConversationView | undefined,
  suggestions: readonly Suggestion[],
): Answers {
  const client = useQueryClient();
  const id = view?.row.id ?? "";
  const seenSeq = useDesk((desk) => desk.seen[id] ?? 0);
  const reply = useReply(id);
  const allowed =
    view !== undefined && (view.reply.kind === "allowed" || view.reply.kind === "claims");
  const insert = (suggestion: Suggestion | undefined) => {
    if (!allowed || !suggestion) return;
    insertAnswer(client, id, suggestion);
    document.querySelector<HTMLElement>("[data-testid=composer]")?.focus();
  };
  const send = (suggestion: Suggestion | undefined) => {
    if (!allowed || !suggestion) return;
    const { answer, faq_id, version } = suggestion;
    void reply.send({ text: answer, source: { faq_id, version }, fromComposer: false, seenSeq });
  };
  const n = allowed ? suggestions.length : 0;
  useAction("insert1", () => insert(suggestions[0]), n > 0);
  useAction("insert2", () => insert(suggestions[1]), n > 1);
  useAction("insert3", () => insert(suggestions[2]), n > 2);
  useAction("insert4", () => insert(suggestions[3]), n > 3);
  useAction("insert5", () => insert(suggestions[4]), n > 4);
  useAction("send1", () => send(suggestions[0]), n > 0);
  useAction("send2", () => send(suggestions[1]), n > 1);
  useAction("send3", () => send(suggestions[2]), n > 2);
  useAction("send4", () => send(suggestions[3]), n > 3);
  useAction("send5", () => send(suggestions[4]), n > 4);
  return { allowed, insert, send };
}

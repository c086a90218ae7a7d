import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { CannedView } from "@/ipc/generated/CannedView";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { uuidv7 } from "@/lib/uuid";
import { type Draft, flush, type Source, useDrafts, write } from "@/parts/drafts";
import { RpcError } from "@/platform";
import { useResolved } from "../routing/useResolved";
import { useDesk } from "../store";
import { type Along, alongOf, useComposing } from "./store";

/** The most that a reply may hold, in bytes. */
export const MAX_BYTES = 20_000;

type Options = { text: string; source: Source | null; fromComposer: boolean; seenSeq: number };
type Reply = { busy: boolean; send: (options: Options) => Promise<boolean> };

/** Sends replies of one conversation. What is not accepted stays where it was written. */
export function useReply(id: ConversationId): Reply {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  // One id for one text until it is accepted, so that a second press cannot send it twice.
  const attempt = useRef<{ text: string; message_id: string } | null>(null);
  const sending = useRef(false);
  const resolved = useResolved();

  const stopped = async (
    kind: "stale" | "held",
    { text, source, fromComposer, seenSeq }: Options,
  ) => {
    // Not through the cache: an answer that is under way there may lack what was missed.
    const fresh = await call("conversation.get", { conversation_id: id });
    client.setQueryData(keys.conversation(id), fresh);
    const missed = fresh.messages.filter(
      ({ seq, author, event }) => seq > seenSeq && author !== "me" && !event,
    );
    useDesk.getState().set({ stopped: { kind, id, text, source, fromComposer, missed } });
  };

  const send = async (options: Options): Promise<boolean> => {
    const { text, source, fromComposer, seenSeq } = options;
    if (sending.current) return false;
    sending.current = true;
    setBusy(true);
    if (attempt.current?.text !== text) attempt.current = { text, message_id: uuidv7() };
    const { message_id } = attempt.current;
    const along: Pick<Along, "quote" | "canned" | "macros"> = fromComposer
      ? alongOf(id)
      : { quote: null, canned: [], macros: [] };
    let accepted = false;
    try {
      if (fromComposer) await flush(id);
      const sent = await call("message.send", {
        conversation_id: id,
        message_id,
        text,
        seen_seq: seenSeq,
        faq_id: source?.faq_id ?? null,
        ...(along.quote && { reply_to: along.quote.id }),
        ...(along.canned.length > 0 && { canned: [...along.canned] }),
      });
      accepted = true;
      if (fromComposer) useComposing.getState().sent(id, along);
      attempt.current = null;
      client.setQueryData(
        keys.conversation(id),
        (now: ConversationView | undefined) =>
          now &&
          (now.messages.some((message) => message.id === sent.id)
            ? now
            : { ...now, messages: [...now.messages, sent] }),
      );
      if (fromComposer) settle(text);
      for (const macro of along.macros) await apply(macro);
    } catch (error) {
      const { code } = RpcError.from(error);
      const kind = code === "stale_reply" ? "stale" : code === "held_by_other" ? "held" : null;
      await (kind ? stopped(kind, options) : Promise.reject(error)).catch((failure: unknown) =>
        toast("danger", errorText(t, failure)),
      );
    }
    sending.current = false;
    setBusy(false);
    return accepted;
  };

  /** Does the acts of a macro, whose reply is out. What is not done waits beside the next one. */
  const apply = async (macro: CannedView) => {
    const { id: canned_id, draft } = macro;
    try {
      const view = await call("canned.apply", { conversation_id: id, canned_id });
      client.setQueryData(keys.conversation(id), view);
      if (draft.acts.some(({ act }) => act === "resolve"))
        resolved(id, t("canned.done", { title: draft.title }));
    } catch (error) {
      const others = alongOf(id).macros.filter((one) => one.id !== canned_id);
      useComposing.getState().change(id, { macros: [...others, macro] });
      const why = errorText(t, error);
      toast("danger", t("canned.notDone", { title: draft.title, why }));
    }
  };

  /** Empties the composer, but for what was typed while the reply went out. */
  const settle = (sent: string) => {
    const now: Draft | undefined = useDrafts.getState().drafts[id];
    if (!now || now.text === sent || now.text.trim() === sent)
      write(client, id, { text: "", source: null });
  };
  return { busy, send };
}

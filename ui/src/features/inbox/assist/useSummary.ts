import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";

const SAVE_AFTER_MS = 500;

/** The summary being written: kept as a draft while typing, saved when left or by Ctrl+Enter. */
export function useSummary(view: ConversationView) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = view.row.id;
  const [text, setText] = useState<string | null>(null);
  const latest = useRef<{ text: string | null; begun: string }>({ text: null, begun: "" });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const told = (error: unknown) => toast("danger", errorText(t, error));

  const keep = (next: string | null) => {
    latest.current.text = next;
    setText(next);
  };
  // One after the other, so that a draft on its way does not come after what was saved.
  const sent = useRef<Promise<unknown>>(Promise.resolve());
  const draft = (text: string | null) => {
    sent.current = sent.current
      .then(() => call("summary.draft", { conversation_id: id, text }))
      .catch(told);
    return sent.current;
  };

  const begin = async () => {
    try {
      const begun = await call("summary.edit", { conversation_id: id });
      latest.current.begun = begun.text;
      keep(begun.text);
    } catch (error) {
      told(error);
    }
  };
  const change = (next: string) => {
    keep(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void draft(next), SAVE_AFTER_MS);
  };
  const cancel = async () => {
    clearTimeout(timer.current);
    keep(null);
    await draft(null);
    void client.invalidateQueries({ queryKey: keys.conversation(id) });
  };
  const save = async () => {
    const { text: now } = latest.current;
    if (now === null) return;
    clearTimeout(timer.current);
    const changed = now.trimEnd() !== view.properties.summary;
    // Closed at once, so that leaving the field does not save a second time.
    keep(null);
    try {
      await sent.current;
      const saved = await call("summary.save", { conversation_id: id, text: now });
      client.setQueryData(keys.conversation(id), saved);
      if (changed) toast("success", t("property.saved"));
    } catch (error) {
      keep(now);
      told(error);
    }
  };
  // The conversation is left without the field being left: what was typed is there next time.
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      const { text: now, begun } = latest.current;
      if (now === null) return;
      const kept = now === begun ? null : now;
      void call("summary.draft", { conversation_id: id, text: kept }).catch(() => undefined);
    },
    [id],
  );
  return { text, begin, change, cancel, save };
}

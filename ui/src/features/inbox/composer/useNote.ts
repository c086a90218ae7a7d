import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { uuidv7 } from "@/lib/uuid";

const SAVE_AFTER_MS = 500;

/** A note being written: kept on this desk, apart from what the customer is to read. */
export function useNote(view: ConversationView) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { id } = view.row;
  const [text, setText] = useState(view.note_draft ?? "");
  const [busy, setBusy] = useState(false);
  const attempt = useRef<{ text: string; message_id: string } | null>(null);
  const last = useRef(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const note_draft = last.current;
    client.setQueryData(
      keys.conversation(id),
      (now: ConversationView | undefined) => now && { ...now, note_draft },
    );
    // What cannot be kept now stays in the box, and is kept with the next key.
    void call("note.draft", { conversation_id: id, text: note_draft }).catch(() => undefined);
  };
  const saveNow = useRef(save);
  useEffect(() => {
    saveNow.current = save;
  });
  useEffect(() => () => void (timer.current !== undefined && saveNow.current()), []);
  const write = (next: string) => {
    last.current = next;
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => saveNow.current(), SAVE_AFTER_MS);
  };
  const add = async (words: string, mentions: string[]) => {
    setBusy(true);
    if (attempt.current?.text !== words) attempt.current = { text: words, message_id: uuidv7() };
    const { message_id } = attempt.current;
    try {
      const added = await call("note.add", {
        conversation_id: id,
        message_id,
        text: words,
        mentions,
      });
      attempt.current = null;
      client.setQueryData(
        keys.conversation(id),
        (now: ConversationView | undefined) =>
          now && {
            ...now,
            note_draft: "",
            messages: now.messages.some((message) => message.id === added.id)
              ? now.messages
              : [...now.messages, added],
          },
      );
      if (last.current.trim() === words) write("");
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setBusy(false);
  };
  return { text, write, busy, add };
}

import { useEffect, useRef } from "react";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { useAlong, useComposing } from "./store";

const SAVE_AFTER_MS = 500;

/** A whisper being written: kept on this desk, apart from what anybody else is to read. */
export function useWhisper({ row: { id }, whisper_draft }: ConversationView) {
  const { whispered } = useAlong(id);
  const change = useComposing((composing) => composing.change);
  const unsaved = useRef<{ text: string; timer: ReturnType<typeof setTimeout> } | null>(null);

  const forget = () => {
    clearTimeout(unsaved.current?.timer);
    unsaved.current = null;
  };
  const save = () => {
    const text = unsaved.current?.text;
    forget();
    if (text === undefined) return;
    // What cannot be kept now stays in the box, and is kept with the next key.
    void call("whisper.draft", { conversation_id: id, text }).catch(() => undefined);
  };
  const saveNow = useRef(save);
  useEffect(() => {
    saveNow.current = save;
  });
  useEffect(() => () => saveNow.current(), []);

  const write = (text: string) => {
    change(id, { whispered: text });
    forget();
    unsaved.current = { text, timer: setTimeout(() => saveNow.current(), SAVE_AFTER_MS) };
  };
  /** It was said: what was kept of it has gone with that. */
  const said = () => {
    forget();
    change(id, { whispered: null });
  };
  // What is kept after it was said would be there again: `forget` comes before.
  return { text: whispered ?? whisper_draft ?? "", write, forget, said };
}

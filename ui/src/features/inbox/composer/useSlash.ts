import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { CannedView } from "@/ipc/generated/CannedView";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { keys } from "@/ipc/keys";
import { useCanned } from "@/ipc/queries";
import { toast } from "@/kit/Notice";
import { useSuggest } from "@/kit/Suggest";
import { select, type Typed } from "@/lib/typed";
import { useResolved } from "../routing/useResolved";
import { nextPrompt, rank, slashWord } from "./canned";
import { alongOf, useComposing } from "./store";

type Area = RefObject<HTMLTextAreaElement | null>;

/** Canned replies behind a slash: what is typed looks for one, Enter puts it in place of that. */
export function useSlash(
  id: ConversationId,
  area: Area,
  text: string,
  write: (text: string) => void,
) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [typed, setTyped] = useState<Typed | null>(null);
  const { data } = useCanned(typed !== null);
  const resolved = useResolved();
  const change = useComposing((composing) => composing.change);
  const items = typed ? rank(data?.items ?? [], typed.word) : [];
  const close = () => setTyped(null);

  const put = (from: number, to: number, words: string) => {
    const next = text.slice(0, from) + words + text.slice(to);
    write(next);
    const first = nextPrompt(next, from, 1);
    const isIn = first && first.start < from + words.length;
    select(area, isIn ? first.start : from + words.length, isIn ? first.end : undefined);
  };
  const pick = async (canned: CannedView) => {
    const from = typed?.from ?? text.length;
    const to = from + (typed ? typed.word.length + 1 : 0);
    close();
    const what = { conversation_id: id, canned_id: canned.id };
    try {
      const { acts, files = [] } = canned.draft;
      if (files.length > 0) client.setQueryData(keys.staged(id), await call("file.canned", what));
      if (canned.draft.text === "") {
        put(from, to, "");
        if (acts.length === 0) return;
        client.setQueryData(keys.conversation(id), await call("canned.apply", what));
        const done = t("canned.done", { title: canned.draft.title });
        if (acts.some(({ act }) => act === "resolve")) resolved(id, done);
        else toast("success", done);
        return;
      }
      const filled = await call("canned.fill", what);
      put(from, to, filled.text);
      const { canned: used, macros } = alongOf(id);
      change(id, {
        canned: used.includes(canned.id) ? used : [...used, canned.id],
        macros:
          acts.length > 0 && !macros.some((known) => known.id === canned.id)
            ? [...macros, canned]
            : macros,
      });
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  const { active, setActive, onKeyDown } = useSuggest(
    typed !== null,
    items,
    (item) => void pick(item),
    close,
  );
  /** Looks at what stands in front of the caret. */
  const look = (now: string, caret: number) => setTyped(slashWord(now, caret));
  /** Opens the list from a button or by key: a slash at the caret. */
  const open = () => {
    const node = area.current;
    if (!node) return;
    node.focus();
    const at = node.selectionStart;
    const before = text[at - 1];
    const slash = before === undefined || /\s/.test(before) ? "/" : " /";
    write(text.slice(0, at) + slash + text.slice(at));
    select(area, at + slash.length);
    setTyped({ from: at + slash.length - 1, word: "" });
  };
  return { typed, items, active, setActive, onKeyDown, look, open, close, pick };
}

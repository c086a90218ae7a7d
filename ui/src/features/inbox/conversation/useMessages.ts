import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { MessageView } from "@/ipc/generated/MessageView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { merge, oldestSeq, prepend } from "./timeline";

const PAGE = 50;

type Messages = {
  messages: MessageView[];
  hasOlder: boolean;
  loading: boolean;
  loadOlder: (limit?: number) => void;
};

/** The messages of a conversation: the latest from the cache, and older ones as far as was scrolled. */
export function useMessages(view: ConversationView): Messages {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = view.row.id;
  const [from, setFrom] = useState(view);
  const [kept, setKept] = useState(view.messages);
  const [hasOlder, setHasOlder] = useState(view.has_older);
  const [loading, setLoading] = useState(false);
  if (from !== view) {
    // A view that brings no messages, for a draft was kept, draws none anew.
    const messages = from.messages === view.messages ? kept : merge(kept, view.messages);
    setFrom(view);
    setKept(messages);
    if (oldestSeq(messages) === oldestSeq(view.messages)) setHasOlder(view.has_older);
  }

  const loadOlder = async (limit = PAGE) => {
    if (loading || !hasOlder) return;
    const before = oldestSeq(kept);
    setLoading(true);
    try {
      const page = await client.fetchQuery({
        queryKey: keys.older(id, before),
        queryFn: () =>
          call("conversation.messages", { conversation_id: id, before_seq: before, limit }),
      });
      setKept((now) => prepend(now, page.messages));
      setHasOlder(page.has_older);
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setLoading(false);
  };
  return { messages: kept, hasOlder, loading, loadOlder: (limit) => void loadOlder(limit) };
}

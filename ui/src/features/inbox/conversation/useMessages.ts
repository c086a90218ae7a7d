import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { PageArgs } from "@/ipc/generated/PageArgs";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { append, atMost, merge, newestSeq, oldestSeq, prepend } from "./timeline";

const PAGE = 50;
/** As many messages stand on the page at once; what is further away is fetched when it is needed. */
const MOST = 300;

type Part = {
  messages: MessageView[];
  hasOlder: boolean;
  /** Whether the newest message is among them, and with it what waits to be sent. */
  isLatest: boolean;
};
type Messages = Part & {
  loading: boolean;
  loadOlder: () => void;
  loadNewer: () => void;
  /** Shows what stands around a position. */
  jump: (seq: number) => void;
  toLatest: () => void;
};

/**
 * The messages of a conversation: a part of the thread, which starts with the latest and moves with
 * what is read. However long the thread, the page stays small.
 */
export function useMessages(view: ConversationView): Messages {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = view.row.id;
  const [from, setFrom] = useState(view);
  const [part, setPart] = useState(latest(view));
  const [loading, setLoading] = useState(false);
  if (from !== view) {
    // A view that brings no messages, for a draft was kept, draws none anew.
    const isNew = from.messages !== view.messages;
    setFrom(view);
    if (isNew && part.isLatest) {
      const messages = merge(part.messages, view.messages);
      const isPage = oldestSeq(messages) === oldestSeq(view.messages);
      setPart({ ...part, messages, hasOlder: isPage ? view.has_older : part.hasOlder });
    }
  }

  const load = async (place: PageArgs["place"], limit: number, take: (page: Page) => void) => {
    if (loading) return;
    const args = { conversation_id: id, place, limit };
    setLoading(true);
    try {
      take(
        await client.fetchQuery({
          queryKey: keys.page(args),
          queryFn: () => call("conversation.messages", args),
          // Marks of delivery and reading change: what was fetched before is shown at once only.
          staleTime: 0,
          gcTime: 0,
        }),
      );
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setLoading(false);
  };
  const loadOlder = () => {
    if (!part.hasOlder) return;
    void load({ kind: "before", seq: oldestSeq(part.messages) }, PAGE, (page) =>
      setPart((now) => {
        const messages = prepend(now.messages, page.messages);
        const kept = atMost(messages, MOST, "oldest");
        const isLatest = now.isLatest && kept.length === messages.length;
        return { messages: kept, hasOlder: page.has_older, isLatest };
      }),
    );
  };
  const loadNewer = () => {
    if (part.isLatest) return;
    void load({ kind: "after", seq: newestSeq(part.messages) }, PAGE, (page) =>
      setPart((now) => {
        const messages = append(now.messages, page.messages);
        const whole = page.has_newer ? messages : merge(messages, view.messages);
        const kept = atMost(whole, MOST, "newest");
        const hasOlder = now.hasOlder || kept.length < whole.length;
        return { messages: kept, hasOlder, isLatest: !page.has_newer };
      }),
    );
  };
  const jump = (seq: number) =>
    void load({ kind: "around", seq }, PAGE * 2, (page) =>
      setPart({
        messages: page.has_newer ? page.messages : merge(page.messages, view.messages),
        hasOlder: page.has_older,
        isLatest: !page.has_newer,
      }),
    );
  return { ...part, loading, loadOlder, loadNewer, jump, toLatest: () => setPart(latest(view)) };
}

type Page = { messages: MessageView[]; has_older: boolean; has_newer: boolean };

const latest = ({ messages, has_older }: ConversationView): Part => ({
  messages,
  hasOlder: has_older,
  isLatest: true,
});

import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { run, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { MessageView } from "@/ipc/generated/MessageView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { saidFinal } from "@/parts/undo";
import { useComposing } from "../composer/store";
import { useDesk } from "../store";

/** Answering one message, and taking one back. */
export function useMessageActs(id: ConversationId) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const change = useComposing((composing) => composing.change);
  const quote = (message: MessageView) => {
    change(id, { quote: message, note: false, whisper: false });
    run("reply");
  };
  const recall = async (message: MessageView) => {
    try {
      const shown = await call("message.recall", { conversation_id: id, message_id: message.id });
      client.setQueryData(
        keys.conversation(id),
        (view: ConversationView | undefined) =>
          view && {
            ...view,
            messages: view.messages.map((each) => (each.id === shown.id ? shown : each)),
          },
      );
      saidFinal(useDesk, "success", t("conversation.recallDone"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return { quote, recall };
}

/** The same by key: the customer's last message is answered, one's own last is taken back. */
export function useLastMessageActs(id: ConversationId, messages: readonly MessageView[]): void {
  const { t } = useTranslation();
  const { quote, recall } = useMessageActs(id);
  const asked = messages.findLast(({ author, seq }) => author === "customer" && seq > 0);
  const written = messages.findLast(({ author, recall_until }) => author === "me" && recall_until);
  useAction("quote", () => asked && quote(asked), asked !== undefined);
  useAction(
    "recall",
    () => {
      if (written?.recall_until && written.recall_until > Date.now()) void recall(written);
      else toast("plain", t("conversation.recallLate"));
    },
    written !== undefined,
  );
}

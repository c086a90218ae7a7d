import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { MessageView } from "@/ipc/generated/MessageView";
import { IconButton } from "@/kit/Button";
import { useNow } from "@/lib/now";
import css from "./Message.module.css";
import { useMessageActs } from "./useMessageActs";

/** What can be done with one message, beside it: answer it, or take it back. */
export const MessageActs: FC<{ message: MessageView; conversationId: ConversationId }> = ({
  message,
  conversationId,
}) => {
  const { t } = useTranslation();
  const now = useNow();
  const { quote, recall } = useMessageActs(conversationId);
  const recallable = message.recall_until !== undefined && message.recall_until > now;
  const quotable = message.seq > 0 && !message.note && message.text !== "";
  if (!recallable && !quotable) return null;
  return (
    <span className={css.acts}>
      {quotable && (
        <IconButton
          icon="undo"
          size="sm"
          label={`${t("action.quote")} (${keyText("quote")})`}
          onClick={() => quote(message)}
          data-testid="quote-this"
        />
      )}
      {recallable && (
        <IconButton
          icon="x"
          size="sm"
          label={`${t("action.recall")} (${keyText("recall")})`}
          onClick={() => void recall(message)}
          data-testid="recall-this"
        />
      )}
    </span>
  );
};

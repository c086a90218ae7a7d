import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { saidUndoable } from "@/parts/undo";
import { useDesk } from "../store";

/** Says that a conversation is resolved, and takes that back where it was not meant. */
export function useResolved() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const back = async (id: ConversationId) => {
    try {
      const view = await call("conversation.reopen", { conversation_id: id });
      client.setQueryData(keys.conversation(id), view);
      toast("success", t("conversation.resolveUndone", { number: view.row.number }));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (id: ConversationId, text: string) =>
    saidUndoable(useDesk, {
      tone: "success",
      text,
      label: t("property.undo"),
      ids: [id],
      back: () => void back(id),
    });
}

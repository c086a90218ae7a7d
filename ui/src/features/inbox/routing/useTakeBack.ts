import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { saidFinal } from "@/parts/undo";
import { useDesk } from "../store";

/** Taking back a conversation that was given away; it may have left this desk. */
export function useTakeBack(id: ConversationId) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return async () => {
    try {
      const { is_asked } = await call("conversation.take_back", { conversation_id: id });
      saidFinal(useDesk, "plain", t(is_asked ? "routing.askedBack" : "routing.tookBack"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    await client.invalidateQueries({ queryKey: keys.conversation(id) });
  };
}

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { useRoutes } from "@/routes";

/** Taking an offer, or not. */
export function useOffer(id: ConversationId) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { setScope, openConversation } = useRoutes();
  const [busy, setBusy] = useState(false);
  const answer = async (command: "conversation.claim" | "conversation.decline") => {
    setBusy(true);
    try {
      client.setQueryData(keys.conversation(id), await call(command, { conversation_id: id }));
      await client.invalidateQueries({ queryKey: keys.offers });
      return true;
    } catch (error) {
      toast("danger", errorText(t, error));
      await client.invalidateQueries({ queryKey: keys.offers });
      return false;
    } finally {
      setBusy(false);
    }
  };
  const accept = async () => {
    if (!(await answer("conversation.claim"))) return;
    setScope("mine");
    openConversation(id);
  };
  const decline = async () => {
    if (await answer("conversation.decline")) toast("plain", t("offer.declined"));
  };
  return { accept, decline, busy };
}

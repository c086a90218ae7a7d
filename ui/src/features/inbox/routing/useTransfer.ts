import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { TransferTo } from "@/ipc/generated/TransferTo";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { saidUndoable } from "@/parts/undo";
import { useDesk } from "../store";
import { useTakeBack } from "./useTakeBack";

/** Giving a conversation to somebody else. */
export function useTransfer(id: ConversationId, onDone: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const takeBack = useTakeBack(id);
  const [busy, setBusy] = useState(false);
  const send = async (to: TransferTo, note: string, name: string) => {
    setBusy(true);
    try {
      const args = { conversation_id: id, to, note };
      client.setQueryData(keys.conversation(id), await call("conversation.transfer", args));
      saidUndoable(useDesk, {
        tone: "success",
        text: t(to.kind === "group" ? "routing.toGroup" : "routing.toAgent", { name }),
        label: t("property.undo"),
        ids: [id],
        back: () => void takeBack(),
      });
      onDone();
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, send };
}

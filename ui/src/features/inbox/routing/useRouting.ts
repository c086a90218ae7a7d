import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { saidFinal } from "@/parts/undo";
import { useNoneTicked } from "../list/selection";
import { useDesk } from "../store";
import { useTakeBack } from "./useTakeBack";

/** What can be done about who has a conversation, by key, from the palette and from its head. */
export function useRouting(view: ConversationView) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { undo, set } = useDesk();
  const alone = useNoneTicked();
  const { id } = view.row;
  const takesBack = useTakeBack(id);
  const { may } = view.routing;

  const act = async (
    command: "conversation.take_over" | "conversation.wake" | "conversation.reopen",
    done: string,
  ) => {
    try {
      client.setQueryData(keys.conversation(id), await call(command, { conversation_id: id }));
      saidFinal(useDesk, "success", done);
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  const takeOver = () => void act("conversation.take_over", t("routing.tookOver"));
  const wake = () => void act("conversation.wake", t("routing.woken"));
  const reopen = () => void act("conversation.reopen", t("routing.reopened"));
  const transfer = () => set({ routing: "transfer" });
  const snooze = () => set({ routing: "snooze" });
  const takeBack = () => void takesBack();
  useAction("transfer", transfer, may.transfer && alone);
  useAction("snooze", snooze, may.snooze);
  useAction("wake", wake, may.wake);
  useAction("takeOver", takeOver, may.take_over);
  useAction("reopen", reopen, may.reopen);
  // What was done last comes first, while it is said.
  useAction("undoEdit", takeBack, may.take_back && undo === null);
  return {
    transfer: may.transfer ? transfer : undefined,
    snooze: may.snooze ? snooze : undefined,
    wake: may.wake ? wake : undefined,
    takeOver: may.take_over ? takeOver : undefined,
    reopen: may.reopen ? reopen : undefined,
    takeBack: may.take_back ? takeBack : undefined,
  };
}

/** What can be done now. */
export type Routing = ReturnType<typeof useRouting>;

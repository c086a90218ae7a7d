import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { inboxWindow } from "@/ipc/queries";
import { toast } from "@/kit/Notice";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";
import { useSelection } from "./selection";
import { useRows } from "./useRows";

/** Takes a conversation; null when it is a colleague's to take at this moment. */
async function claim(id: ConversationId): Promise<ConversationView | null> {
  try {
    return await call("conversation.claim", { conversation_id: id });
  } catch (error) {
    if (error instanceof RpcError && error.code === "held_by_other") return null;
    throw error;
  }
}

/** What can be done to the list by key and from the palette. */
export function useInboxActions(): void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { open, setScope, openConversation } = useRoutes();
  const { sort, set, undo } = useDesk();
  const rows = useRows().data?.rows ?? [];
  const selection = useSelection();

  const step = (by: number) => {
    const at = rows.findIndex((row) => row?.id === open);
    const first = rows.findIndex((row) => row !== undefined);
    const next = rows[at < 0 ? first : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) openConversation(next.id);
  };
  const takeNext = async () => {
    try {
      const { rows: queue } = await client.fetchQuery(
        inboxWindow({ scope: "queue", sort: "waiting" }),
      );
      for (const { id } of queue) {
        const taken = await claim(id);
        if (!taken) continue;
        client.setQueryData(keys.conversation(id), taken);
        setScope("mine");
        return openConversation(id);
      }
      toast("plain", t("empty.queueTitle"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };

  useAction("next", () => step(1), rows.length > 0);
  useAction("previous", () => step(-1), rows.length > 0);
  useAction("takeNext", () => void takeNext());
  useAction("scopeMine", () => setScope("mine"));
  useAction("scopeQueue", () => setScope("queue"));
  useAction("scopeAll", () => setScope("all"));
  useAction("scopeSnoozed", () => setScope("snoozed"));
  useAction("scopeResolved", () => setScope("resolved"));
  useAction("undoEdit", () => undo?.run(), undo !== null);
  useAction("select", () => {
    const { row } = useDesk.getState();
    if (row) selection.toggle(row);
  });
  useAction("selectAll", () =>
    selection.ids.length > 0
      ? selection.clear()
      : selection.all(rows.flatMap((row) => (row ? [row.id] : []))),
  );
  useAction("sort", () => set({ sort: sort === "waiting" ? "priority" : "waiting" }));
}

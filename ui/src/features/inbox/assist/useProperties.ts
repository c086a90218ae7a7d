import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { PatchArgs } from "@/ipc/generated/PatchArgs";
import type { Priority } from "@/ipc/generated/Priority";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { categoryText } from "@/lib/text";
import { saidUndoable } from "@/parts/undo";
import { RpcError } from "@/platform";
import { useDesk } from "../store";

type Change = Partial<Omit<PatchArgs, "conversation_id">>;

/** Changes properties, says so, and offers to take it back. Works without the server. */
export function useProperties(view: ConversationView) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = view.row.id;

  const patch = async (change: Change): Promise<ConversationView | null> => {
    try {
      const now = await call("conversation.patch", {
        conversation_id: id,
        priority: null,
        category: null,
        add_tags: [],
        remove_tags: [],
        ...change,
      });
      client.setQueryData(keys.conversation(id), now);
      return now;
    } catch (error) {
      const personal = change.add_tags && RpcError.from(error).code === "bad_request";
      toast("danger", personal ? t("property.tagPersonal") : errorText(t, error));
      return null;
    }
  };
  /** Does it, and remembers how to take it back. */
  const change = async (
    forth: (now: ConversationView) => Change,
    back: (now: ConversationView) => Change,
    said: string,
  ) => {
    const after = await patch(forth(view));
    if (!after) return;
    const undo = async () => {
      const now = client.getQueryData<ConversationView>(keys.conversation(id)) ?? after;
      if (await patch(back(now))) toast("plain", t("property.undone"));
    };
    saidUndoable(useDesk, {
      tone: "success",
      text: said,
      label: t("property.undo"),
      ids: [id],
      back: () => void undo(),
    });
  };

  const toPriority = (mine: Priority) => (now: ConversationView) => ({
    priority: { rev: now.properties.priority_rev, base: now.row.priority, mine },
  });
  const toCategory = (mine: string) => (now: ConversationView) => ({
    category: { rev: now.properties.category_rev, base: now.row.category, mine },
  });
  return {
    setPriority: (priority: Priority) =>
      change(
        toPriority(priority),
        toPriority(view.row.priority),
        t("property.changed", {
          field: t("property.priority"),
          value: t(`priority.${priority}`),
        }),
      ),
    setCategory: (category: string) =>
      change(
        toCategory(category),
        toCategory(view.row.category),
        t("property.changed", {
          field: t("property.category"),
          value: categoryText(category) || t("property.noCategory"),
        }),
      ),
    addTag: (tag: string) =>
      change(
        () => ({ add_tags: [tag] }),
        () => ({ remove_tags: [tag] }),
        t("property.added", { tag }),
      ),
    removeTag: (tag: string) =>
      change(
        () => ({ remove_tags: [tag] }),
        () => ({ add_tags: [tag] }),
        t("property.removed", { tag }),
      ),
  };
}

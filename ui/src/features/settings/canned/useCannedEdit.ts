import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { CannedDraft } from "@/ipc/generated/CannedDraft";
import type { CannedView } from "@/ipc/generated/CannedView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { uuidv7 } from "@/lib/uuid";

export const NEW = "new";

/** Saves and removes canned replies; what is not accepted stays in the form. */
export function useCannedEdit(onDone: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      client.setQueryData(keys.canned, await work());
      toast("success", done);
      onDone();
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setBusy(false);
  };
  return {
    busy,
    save: (item: CannedView | null, draft: CannedDraft) =>
      act(
        () =>
          call("canned.save", {
            // Who else finds it makes another one of it: what is one's own never leaves the desk.
            ...(item && (item.draft.scope.kind === "own") === (draft.scope.kind === "own")
              ? { id: item.id, base: item.edition }
              : { id: uuidv7(), base: 0 }),
            draft,
          }),
        t("canned.saved"),
      ),
    remove: (item: CannedView) =>
      act(
        () => call("canned.remove", { ids: [item.id] }),
        t("canned.removed", { title: item.draft.title }),
      ),
  };
}

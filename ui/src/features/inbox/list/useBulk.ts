import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { BulkAct } from "@/ipc/generated/BulkAct";
import type { BulkView } from "@/ipc/generated/BulkView";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { toast } from "@/kit/Notice";
import { saidFinal, saidUndoable } from "@/parts/undo";
import { useDesk } from "../store";
import { useSelection } from "./selection";

/** What takes an act back: what was given away while nobody has it, what was resolved at once. */
const BACK: Partial<Record<BulkAct["act"], BulkAct>> = {
  transfer: { act: "take_back" },
  resolve: { act: "reopen" },
};

/** Does the same to many conversations. One that it may not be done to stays ticked, with the reason,
 * even where the bar that it was done from is gone by then. */
export function useBulk() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);

  const act = async (what: BulkAct, ids: readonly ConversationId[]) => {
    setBusy(true);
    try {
      const came = await call("conversation.bulk", { ids: [...ids], act: what });
      say(what, came);
      const { clear, all } = useSelection.getState();
      if (came.failed.length === 0) clear();
      else
        all(
          came.failed.map(({ id }) => id),
          came.failed,
        );
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setBusy(false);
  };
  const words = (what: BulkAct, { done: n, asked }: BulkView): string => {
    if (asked > 0)
      return n === 0 ? t("bulk.asked", { n: asked }) : t("bulk.askedSome", { n, asked });
    const did = what.act === "tag" && what.add.length === 0 ? "untag" : what.act;
    return t(`bulk.done.${did}`, { n });
  };
  const say = (what: BulkAct, came: BulkView) => {
    const left = came.failed.length;
    const tone = left === 0 ? "success" : "warning";
    if (came.done + came.asked === 0) {
      if (left > 0) toast(tone, t("bulk.none", { left }));
      return;
    }
    const said = words(what, came);
    const text = left === 0 ? said : t("bulk.some", { said, left });
    const back = BACK[what.act];
    const n = came.ids.length;
    if (!back || n === 0) return saidFinal(useDesk, tone, text);
    saidUndoable(useDesk, {
      tone,
      text,
      label: n === came.done ? t("property.undo") : t("bulk.undoSome", { n }),
      ids: came.ids,
      back: () => void act(back, came.ids),
    });
  };
  return { act, busy };
}

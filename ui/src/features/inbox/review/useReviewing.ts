import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { useReviewOf } from "@/ipc/quality";
import { useMe } from "@/ipc/queries";
import { toast } from "@/kit/Notice";
import { useRoutes } from "@/routes";

/** What can be done about the review of a conversation, by those who review. */
export function useReviewing(view: ConversationView) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const role = useMe()?.role;
  const [choosing, setChoosing] = useState(false);
  const { id, status, number } = view.row;
  const reviews = role === "team_lead" || role === "admin";
  const hasEnded = status === "resolved" || status === "closed";
  // One that has gone on and ended again may be somebody else's work; until then all of it is alike.
  const { data } = useReviewOf(id, status, hasEnded ? view.last_seq : 0, reviews);
  const why = data?.not_picked ?? null;
  const review = data?.review_id ?? null;
  const begin = () => {
    if (why === null) setChoosing(true);
    else if (why === "nobodys_work" || why === "own_work")
      toast("warning", t(`quality.pick.not.${why}`));
    else toast("warning", t(`error.${why}`));
  };
  useAction("qualityPick", begin, reviews && data !== undefined);
  return {
    open:
      reviews && review !== null
        ? () => useRoutes.getState().showReview("reviews", review)
        : undefined,
    pick: reviews && data && why === null && hasEnded ? begin : undefined,
    choosing,
    forms: data?.forms ?? [],
    close: () => setChoosing(false),
    choose: async (form_id: string) => {
      try {
        await call("quality.pick", { conversation_id: id, form_id });
        await client.invalidateQueries({ queryKey: ["quality"] });
        toast("success", t("quality.pick.done", { number }));
      } catch (error) {
        toast("danger", errorText(t, error));
      }
    },
  };
}

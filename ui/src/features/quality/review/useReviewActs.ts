import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { QaReviewId } from "@/ipc/generated/QaReviewId";
import type { QaScoreArgs } from "@/ipc/generated/QaScoreArgs";
import type { QaView } from "@/ipc/generated/QaView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";

/** What can be done to a review; each gives whether it was. */
export function useReviewActs(id: QaReviewId) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async (work: Promise<QaView>, said: string): Promise<boolean> => {
    setBusy(true);
    try {
      client.setQueryData(keys.qaReview(id, false), await work);
      await client.invalidateQueries({ queryKey: ["quality"] });
      toast("success", said);
      return true;
    } catch (error) {
      toast("danger", errorText(t, error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    score: (args: Omit<QaScoreArgs, "review_id">) =>
      act(call("quality.score", { review_id: id, ...args }), t("quality.scored")),
    calibrate: (args: Omit<QaScoreArgs, "review_id">) =>
      act(call("quality.calibrate", { review_id: id, ...args }), t("quality.calibrated")),
    appeal: (text: string) =>
      act(call("quality.appeal", { review_id: id, text: text.trim() }), t("quality.appealed")),
    uphold: (reason: string) =>
      act(call("quality.decide", { review_id: id, reason: reason.trim() }), t("quality.upheld")),
    change: (marks: QaScoreArgs["marks"], reason: string) =>
      act(
        call("quality.decide", { review_id: id, marks, reason: reason.trim() }),
        t("quality.changed"),
      ),
  };
}

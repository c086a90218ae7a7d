import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { Button } from "@/kit/Button";
import { Pick } from "@/kit/Pick";
import { useReviewing } from "./useReviewing";

/** Whether an ended conversation is reviewed, for those who review: opens it, or picks it. */
export const Reviewing: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const { open, pick, choosing, forms, choose, close } = useReviewing(view);
  return (
    <>
      {open && (
        <Button icon="quality" look="ghost" onClick={open} data-testid="review-open">
          {t("quality.pick.open")}
        </Button>
      )}
      {pick && (
        <Button
          icon="quality"
          onClick={pick}
          title={keyText("qualityPick")}
          data-testid="review-pick"
        >
          {t("quality.pick.act")}
        </Button>
      )}
      <Pick
        open={choosing}
        onClose={close}
        label={t("quality.pick.form")}
        emptyText={t("quality.pick.noForm")}
        items={forms.map(({ id, name }) => ({ id, label: name }))}
        onPick={choose}
        testId="review-forms"
      />
    </>
  );
};

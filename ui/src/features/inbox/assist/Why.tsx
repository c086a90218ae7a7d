import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { useExplanation } from "@/ipc/queries";
import { Grounds } from "@/parts/Grounds";
import css from "./Suggestions.module.css";

/** Why the open answer was suggested. */
export const Why: FC<{ conversation: ConversationId; faqId: string }> = ({
  conversation,
  faqId,
}) => {
  const { t } = useTranslation();
  const { data, error } = useExplanation(conversation, faqId);
  return (
    <section className={css.why} aria-label={t("why.label")} data-testid="why">
      {error && <p className="small danger">{errorText(t, error)}</p>}
      {data && <Grounds explanation={data} />}
    </section>
  );
};

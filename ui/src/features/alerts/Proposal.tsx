import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { FaqDraft } from "@/ipc/generated/FaqDraft";
import { LinkButton } from "@/kit/Button";
import { toast } from "@/kit/Notice";

/** What is to be added to the knowledge: taken along to where entries are written. */
export const Proposal: FC<{ faq: FaqDraft }> = ({ faq: { question, answer } }) => {
  const { t } = useTranslation();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText([question, answer].filter(Boolean).join("\n"));
      toast("plain", t("alerts.faqCopied"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (
    <>
      <p className="strong">{question}</p>
      <p className="soft">{answer || t("alerts.faqEmpty")}</p>
      <LinkButton className="small" onClick={() => void copy()} data-testid="detail-faq-copy">
        {t("alerts.faqCopy")}
      </LinkButton>
    </>
  );
};

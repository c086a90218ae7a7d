import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useSpan } from "@/i18n/useSpan";
import { useWakes } from "@/i18n/useWakes";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import { RingText } from "@/kit/Ring";
import { useNow } from "@/lib/now";
import { promised, rest } from "./sla";

type Props = { row: ConversationRow; className?: string | undefined };

/** How long the customer waits, with the ring of the promise; in words where nobody waits. */
export const WaitClock: FC<Props> = ({ row, className }) => {
  const { t } = useTranslation();
  const span = useSpan();
  const now = useNow();
  const wakes = useWakes();
  if (row.status === "snoozed" && row.snoozed_until)
    return <RingText className={className}>{wakes(row.snoozed_until, now)}</RingText>;
  if (row.waiting_since === null)
    return <RingText className={className}>{t(`list.${rest(row)}`)}</RingText>;
  const promise = promised(row, now);
  if (!promise) return <RingText className={className}>{span(now - row.waiting_since)}</RingText>;
  return (
    <RingText tone={promise.tone} value={promise.value} className={className}>
      {promise.left < 0 ? t("time.over", { span: span(-promise.left) }) : span(promise.elapsed)}
    </RingText>
  );
};

/** The time left to answer, for the head of a conversation. */
export const TimeLeft: FC<Props> = ({ row, className }) => {
  const { t } = useTranslation();
  const span = useSpan();
  const now = useNow();
  const promise = promised(row, now);
  if (!promise) return null;
  return (
    <RingText tone={promise.tone} value={promise.value} className={className}>
      {promise.left < 0
        ? t("time.late", { span: span(-promise.left) })
        : t("time.left", { span: span(promise.left) })}
    </RingText>
  );
};

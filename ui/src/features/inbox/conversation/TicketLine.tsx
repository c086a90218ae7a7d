import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { Event } from "@/ipc/generated/Event";
import type { TicketId } from "@/ipc/generated/TicketId";
import { LinkButton } from "@/kit/Button";
import { dateText } from "@/lib/time";

type TicketEvent = Extract<Event, { event: "ticket" }>;
const numbered = (number: number): string => `T-${String(number).padStart(5, "0")}`;

/** How far a ticket of the conversation has come, in words; who did it stands behind. */
export function useTicketStep(): (event: TicketEvent) => string {
  const { t, i18n } = useTranslation();
  return ({ what, agent, number }) => {
    const step = (): string => {
      switch (what.kind) {
        case "transferred":
        case "returned":
        case "taken_back":
          return t(`event.ticket.${what.kind}`, { to: what.to });
        case "on_hold":
          return what.until === null
            ? t("event.ticket.on_hold")
            : t("event.ticket.on_hold_until", {
                until: dateText(what.until, what.until, i18n.language),
              });
        case "late":
          return t("event.ticket.late", { metric: t(`ticket.sla.${what.metric}`) });
        case "merged_into":
          return t("event.ticket.merged_into", { number: numbered(what.number) });
        default:
          return t(`event.ticket.${what.kind}`);
      }
    };
    const words = t("event.ticket.line", { number: numbered(number), step: step() });
    return agent === "" ? words : t("event.ticket.by", { words, agent });
  };
}

type Props = { event: TicketEvent; words: string; onOpen: (id: TicketId) => void };

/** The line; a press shows the ticket. */
export const TicketLine: FC<Props> = ({ event, words, onOpen }) => (
  <LinkButton onClick={() => onOpen(event.id)} data-testid="message-ticket">
    {words}
  </LinkButton>
);

import type { TFunction } from "i18next";
import type { BellNews } from "@/ipc/generated/BellNews";
import type { NoticeCode } from "@/ipc/generated/NoticeCode";
import type { TicketNews } from "@/ipc/generated/TicketNews";
import type { IconName } from "@/kit/Icon";
import type { Tone } from "@/kit/Notice";
import { ALERT_TONES, NOTICE_TONES, TICKET_TONES } from "@/parts/notices";
import { useRoutes } from "@/routes";
import { SEVERITY_ICONS } from "../words";

type Shown = { icon: IconName; tone: Tone; text: string };

const NOTICE_ICONS: Partial<Record<NoticeCode, IconName>> = {
  server_lost: "offline",
  server_back: "server",
  key_due: "lock",
  key_changed: "lock",
  pending_delivered: "check",
  edit_conflict: "swap",
  reply_refused: "stop",
};

const TICKET_ICONS: Partial<Record<TicketNews, IconName>> = {
  warned: "clock",
  breached: "clock",
  resolved: "check",
  mentioned: "note",
  commented: "note",
};

/** How a line of the bell reads. */
export function shown(t: TFunction, what: BellNews): Shown {
  switch (what.kind) {
    case "mentioned":
      return { icon: "note", tone: "info", text: t("bell.mentioned", { number: what.number }) };
    case "whispered":
      return { icon: "lock", tone: "info", text: t("bell.whispered", { number: what.number }) };
    case "woken":
      return { icon: "clock", tone: "info", text: t("bell.woken", { number: what.number }) };
    case "returned":
      return {
        icon: "undo",
        tone: "warning",
        text: t(`bell.returned.${what.reason}`, { number: what.number }),
      };
    case "ticket":
      return {
        icon: TICKET_ICONS[what.news] ?? "ticket",
        tone: TICKET_TONES[what.news],
        text: t(`ticket.news.${what.news}`, { number: what.number }),
      };
    case "alert":
      return {
        icon: what.news === "resolved" ? "check" : SEVERITY_ICONS[what.severity],
        tone: what.news === "resolved" ? "success" : ALERT_TONES[what.severity],
        text: t(`alerts.news.${what.news}`, { name: what.name }),
      };
    case "review":
      return {
        icon: "quality",
        tone: what.news === "appealed" ? "warning" : "info",
        text: t(`bell.review.${what.news}`, { number: what.number }),
      };
    case "notice":
      return {
        icon: NOTICE_ICONS[what.code] ?? "info",
        tone: NOTICE_TONES[what.code],
        text: t(`notice.${what.code}`),
      };
  }
}

/** Goes to what a line is about. */
export function follow(what: BellNews): void {
  const routes = useRoutes.getState();
  switch (what.kind) {
    case "mentioned":
    case "whispered":
    case "woken":
    case "returned":
      routes.openConversation(what.conversation_id);
      break;
    case "ticket":
      routes.openTicket(what.ticket_id);
      break;
    case "alert":
      routes.openAlert(what.alert_id);
      break;
    case "review":
      routes.showReview(what.news === "appealed" ? "reviews" : "mine", what.review_id);
      break;
    case "notice":
      if (what.code === "key_due" || what.code === "key_changed") routes.showSettings("desk");
      else routes.show("outbox");
      break;
  }
}

import type { NoticeCode } from "@/ipc/generated/NoticeCode";
import type { Severity } from "@/ipc/generated/Severity";
import type { TicketNews } from "@/ipc/generated/TicketNews";
import type { Tone } from "@/kit/Notice";

/** How grave a notice is. */
export const NOTICE_TONES: Record<NoticeCode, Tone> = {
  notifications_unavailable: "warning",
  new_conversation: "info",
  index_rebuilt: "plain",
  store_replaced: "warning",
  store_replaced_unsent_lost: "danger",
  pending_delivered: "success",
  reply_refused: "danger",
  edit_conflict: "warning",
  mentioned: "info",
  whispered: "info",
  woken: "info",
  encoder_unusable: "warning",
  key_changed: "success",
  key_due: "warning",
  server_lost: "danger",
  server_back: "success",
};

/** How grave an alert is. */
export const ALERT_TONES: Record<Severity, Tone> = {
  critical: "danger",
  warning: "warning",
  notice: "info",
};

/** How grave news of a ticket is. */
export const TICKET_TONES: Record<TicketNews, Tone> = {
  arrived: "info",
  returned: "info",
  assigned: "info",
  resolved: "success",
  cancelled: "warning",
  merged: "info",
  reopened: "warning",
  mentioned: "info",
  commented: "plain",
  customer_answered: "info",
  warned: "warning",
  breached: "danger",
};

import type { TFunction } from "i18next";
import type { TicketEventKind } from "@/ipc/generated/TicketEventKind";
import type { Moment } from "@/kit/Timeline";

const conversation = (number: number): string => `C-${number}`;
const ticket = (number: number): string => `T-${String(number).padStart(5, "0")}`;

/** What an event says: what was done, and what was written about it. */
export function eventWords(
  t: TFunction,
  what: TicketEventKind,
  moment: (at: number) => string,
  bySystem = false,
): { text: string; note: string } {
  const plain = (text: string, note = "") => ({ text, note });
  switch (what.kind) {
    case "created":
      return plain(
        what.conversation === null
          ? t("ticket.event.created")
          : t("ticket.event.createdFrom", { number: conversation(what.conversation) }),
      );
    case "let_go":
      return plain(t(bySystem ? "ticket.event.let_go" : "ticket.event.released"));
    case "claimed":
    case "closed":
      return plain(t(`ticket.event.${what.kind}`));
    case "assigned":
      return plain(t("ticket.event.assigned", { to: what.to }));
    case "transferred":
      return plain(
        t(what.returns ? "ticket.event.transferredBack" : "ticket.event.transferred", {
          to: what.to,
        }),
        what.note,
      );
    case "returned":
      return plain(t("ticket.event.returned", { to: what.to }), what.note);
    case "taken_back":
      return plain(t("ticket.event.taken_back", { to: what.to }));
    case "escalated":
      return plain(
        t("ticket.event.escalated", {
          from: t(`priority.${what.from}`),
          to: t(`priority.${what.to}`),
        }),
      );
    case "paused":
      return plain(
        what.until === null
          ? t(`ticket.event.paused_${what.why}`)
          : t("ticket.event.paused_until", { until: moment(what.until) }),
        what.note,
      );
    case "resumed":
    case "resolved":
    case "reopened":
    case "verified_ok":
    case "verified_fail":
    case "cancelled":
      return plain(t(`ticket.event.${what.kind}`), what.note);
    case "merged_into":
      return plain(t("ticket.event.merged_into", { number: ticket(what.number) }));
    case "merged":
      return plain(t("ticket.event.merged", { number: ticket(what.number), title: what.title }));
    case "commented":
      return plain("", what.text);
    case "edited":
      return plain(
        t("ticket.event.edited", {
          labels: what.labels.map((label) => label || t("ticket.event.editedTitle")).join("、"),
        }),
      );
    case "warned":
    case "breached":
      return plain(t(`ticket.event.${what.kind}`, { metric: t(`ticket.sla.${what.metric}`) }));
  }
}

/** How much an event stands out. */
export function toneOf(what: TicketEventKind): NonNullable<Moment["tone"]> {
  switch (what.kind) {
    case "commented":
      return "note";
    case "breached":
    case "verified_fail":
      return "danger";
    case "warned":
    case "escalated":
      return "warning";
    case "transferred":
    case "returned":
    case "taken_back":
    case "resolved":
    case "reopened":
    case "verified_ok":
      return "accent";
    default:
      return "plain";
  }
}

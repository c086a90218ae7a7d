import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useLength } from "@/i18n/useLength";
import type { TicketDueView } from "@/ipc/generated/TicketDueView";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketState } from "@/ipc/generated/TicketState";
import { Tag } from "@/kit/Marks";
import { RingText, type RingTone } from "@/kit/Ring";
import { useNow } from "@/lib/now";
import css from "./Ticket.module.css";

const TONES: Record<TicketState, "quiet" | "warning" | "accent" | "success"> = {
  new: "quiet",
  open: "accent",
  pending_customer: "warning",
  on_hold: "quiet",
  resolved: "success",
  closed: "quiet",
  cancelled: "quiet",
};

/** Where a ticket stands, in a word. */
export const StateTag: FC<{ state: TicketState }> = ({ state }) => {
  const { t } = useTranslation();
  return <Tag tone={TONES[state]}>{t(`ticket.state.${state}`)}</Tag>;
};

/** That a note names the agent, which they have not looked at yet. */
export const Mentioned: FC = () => {
  const { t } = useTranslation();
  return (
    <span className={css.mentioned} title={t("note.namesYou")} data-testid="ticket-mentioned">
      @<span className="sr">{t("note.namesYou")}</span>
    </span>
  );
};

/** What a ticket is called: its number, or that it has none yet. */
export const useTicketNumber = (): ((row: { number: string }) => string) => {
  const { t } = useTranslation();
  return ({ number }) => number || t("ticket.noNumber");
};

/** Where a promise stands now. `left` in ms, negative when it is late. */
export function dueAt(
  due: TicketDueView,
  now: number,
): { tone: RingTone; value: number; left: number } {
  if (due.paused || due.due_at === null)
    return { tone: due.breached ? "breached" : "paused", value: due.breached ? 1 : 0, left: 0 };
  const left = due.due_at - now;
  const whole = Math.max(1, due.due_at - due.started_at);
  const value = Math.min(1, Math.max(0, (now - due.started_at) / whole));
  const soon = due.warned || (due.warn_at !== null && now >= due.warn_at);
  return { tone: left < 0 ? "breached" : soon ? "soon" : "ok", value, left };
}

type Props = { row: Pick<TicketRow, "due" | "hold_until">; className?: string | undefined };

/** The promise that presses most: a ring and how long, or that it is paused. */
export const DueClock: FC<Props> = ({ row, className }) => {
  const { t } = useTranslation();
  const length = useLength();
  const now = useNow();
  const { due, hold_until } = row;
  if (!due) return null;
  const { tone, value, left } = dueAt(due, now);
  const until = hold_until === null ? null : new Date(hold_until);
  const words =
    due.paused && until
      ? t("ticket.sla.untilDay", { day: `${until.getMonth() + 1}-${until.getDate()}` })
      : due.paused
        ? t("ticket.sla.paused")
        : left < 0
          ? t("ticket.sla.over", { span: length(-left) })
          : length(left);
  return (
    <RingText tone={tone} value={value} className={className}>
      <span title={t(`ticket.sla.${due.metric}`)}>{words}</span>
    </RingText>
  );
};

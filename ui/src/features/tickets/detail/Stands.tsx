import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { useLength } from "@/i18n/useLength";
import type { Priority } from "@/ipc/generated/Priority";
import type { TicketView } from "@/ipc/generated/TicketView";
import { LinkButton } from "@/kit/Button";
import { Flag } from "@/kit/Marks";
import { Notice } from "@/kit/Notice";
import { Route } from "@/kit/Route";
import { Select } from "@/kit/Select";
import { useNow } from "@/lib/now";
import { DueClock } from "@/parts/Ticket";
import { useRoutes } from "@/routes";
import { useTicketActs } from "../useTicketActs";
import css from "./Detail.module.css";
import { momentText } from "./Promises";
import { Title } from "./Title";

const MINUTE = 60_000;
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** Title, priority and the promise that presses. */
export const Stands: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const now = useNow();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const { patch } = useTicketActs();
  const { row, can } = view;
  return (
    <section className={css.block}>
      <Title view={view} />
      <div className={css.stands}>
        {!can.edit && <Flag level={row.priority} label={t(`priority.${row.priority}`)} showLabel />}
        {can.edit && (
          <span className={css.priority}>
            <Select
              label={t("ticket.col.priority")}
              value={row.priority}
              items={PRIORITIES.map((id) => ({ id, label: t(`priority.${id}`) }))}
              onChange={(to) => void patch(row.id, { priority: { rev: view.priority_rev, to } })}
              testId="ticket-priority"
            />
          </span>
        )}
        <DueClock row={row} />
        {row.due?.due_at != null && (
          <span className="small muted num">
            {t(`ticket.sla.${row.due.metric}`)}{" "}
            {t("ticket.sla.due", { time: momentText(row.due.due_at, now) })}
          </span>
        )}
        {row.hold_until !== null && (
          <span className="small muted num">
            {t("ticket.holdUntil", { time: momentText(row.hold_until, now) })}
          </span>
        )}
      </div>
      {view.merged_into && (
        <Notice
          action={
            <LinkButton onClick={() => view.merged_into && openTicket(view.merged_into.id)}>
              {t("ticket.create.see")}
            </LinkButton>
          }
        >
          {t("ticket.mergedInto", { number: view.merged_into.number })}
        </Notice>
      )}
      {can.edit && !can.transfer && row.assignee !== "" && !row.mine && (
        <p className="small muted" data-testid="ticket-held">
          {t("ticket.heldBy", { name: row.assignee })}
        </p>
      )}
      {!can.edit && row.awaited && (
        <p className="small muted">{t("ticket.readOnly", { group: row.department })}</p>
      )}
      {!can.edit && !row.awaited && can.take_back && (
        <p className="small muted" data-testid="ticket-passed">
          {t("ticket.passed", { group: row.department })}
        </p>
      )}
    </section>
  );
};

/** The departments one after the other, with how long each had it. */
export const Flow: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const length = useLength();
  const STATES = { past: "done", now: "now", ahead: "next" } as const;
  return (
    <section className={css.block} aria-label={t("ticket.flow")}>
      <h2>{t("ticket.flow")}</h2>
      <Route
        label={t("ticket.flow")}
        testId="ticket-flow"
        stops={view.steps.map((step, place) => {
          const who = step.person || t("ticket.nobody");
          const span = length(step.business_ms);
          return {
            key: `${place}-${step.department_id}`,
            name: step.department,
            state: STATES[step.at],
            text:
              step.at === "past"
                ? t("ticket.stay", { who, span })
                : step.at === "now"
                  ? step.business_ms < MINUTE
                    ? who
                    : t("ticket.staying", { who, span })
                  : t(step.waits ? "ticket.backStop" : "ticket.nextStop"),
          };
        })}
      />
    </section>
  );
};

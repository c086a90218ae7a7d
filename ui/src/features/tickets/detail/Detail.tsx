import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run } from "@/hotkeys";
import { useLength } from "@/i18n/useLength";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { Priority } from "@/ipc/generated/Priority";
import type { TicketId } from "@/ipc/generated/TicketId";
import type { TicketView } from "@/ipc/generated/TicketView";
import { useTicket } from "@/ipc/tickets";
import { Button, IconButton, LinkButton } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { Icon } from "@/kit/Icon";
import { Flag } from "@/kit/Marks";
import { Menu, MenuItem } from "@/kit/Menu";
import { Notice, toast } from "@/kit/Notice";
import { Route } from "@/kit/Route";
import { Select } from "@/kit/Select";
import { useNow } from "@/lib/now";
import { DueClock, StateTag, useTicketNumber } from "@/parts/Ticket";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";
import { useTicketActs } from "../useTicketActs";
import css from "./Detail.module.css";
import { Dock } from "./Dock";
import { Facts } from "./Facts";
import { History } from "./History";
import { momentText, Promises } from "./Promises";
import { Title } from "./Title";

const MINUTE = 60_000;
const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** One ticket beside the board. */
export const Detail: FC<{ id: TicketId }> = ({ id }) => {
  const { t } = useTranslation();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const { data: view, error } = useTicket(id);
  const number = useTicketNumber();
  // It may go while it is open: to a department that nobody here works in.
  const gone = error !== null && RpcError.from(error).code === "not_found";
  if (!view || gone)
    return (
      <aside className={css.pane} aria-label={t("ticket.title")} data-testid="ticket-loading">
        <div className={css.head}>
          <span className="grow" />
          <IconButton icon="x" label={t("app.close")} onClick={() => openTicket(null)} />
        </div>
        {error !== null && (
          <EmptyState
            icon={gone ? "ticket" : "warn"}
            title={t(gone ? "ticket.gone" : "ticket.failed")}
            text={gone ? t("ticket.goneText") : errorText(t, error)}
            testId="ticket-gone"
          />
        )}
      </aside>
    );
  return (
    <aside
      className={css.pane}
      aria-label={t("ticket.detail", { number: number(view.row) })}
      data-testid="ticket"
      data-id={id}
      data-state={view.row.state}
    >
      <Head view={view} />
      <div className={`${css.body} scroll`}>
        <Refused view={view} />
        <Stands view={view} />
        <Flow view={view} />
        <Facts view={view} />
        <Promises slas={view.slas} />
        <History events={view.events} />
      </div>
      <Dock view={view} />
    </aside>
  );
};

const Head: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const set = useDesk((desk) => desk.set);
  const number = useTicketNumber();
  const { row, can } = view;
  const ask = (kind: "move" | "transfer" | "return" | "assign" | "merge") => () =>
    set({ asking: { kind, id: row.id } });
  return (
    <div className={css.head}>
      <span className="num muted" data-testid="ticket-number">
        {number(row)}
      </span>
      <StateTag state={row.state} />
      {row.pending && (
        <span className={css.unsent} title={t("ticket.unsentLong")} data-testid="ticket-unsent">
          <Icon name="clock" size={12} />
          {t("ticket.unsent")}
        </span>
      )}
      <span className="grow" />
      {can.return_to !== null ? (
        <Button
          icon="undo"
          title={keyText("ticketReturn")}
          onClick={ask("return")}
          data-testid="ticket-return"
        >
          {t("ticket.giveBack", { group: can.return_to })}
        </Button>
      ) : (
        can.transfer && (
          <Button
            icon="swap"
            title={keyText("ticketTransfer")}
            onClick={ask("transfer")}
            data-testid="ticket-transfer"
          >
            {t("ticket.transfer")}
          </Button>
        )
      )}
      <Menu
        label={t("ticket.more_acts")}
        align="end"
        trigger={<IconButton icon="more" label={t("ticket.more_acts")} data-testid="ticket-more" />}
      >
        {can.return_to !== null && can.transfer && (
          <MenuItem icon="swap" keys={keyText("ticketTransfer")} onSelect={ask("transfer")}>
            {t("ticket.transfer")}
          </MenuItem>
        )}
        {row.moves.length > 0 && (
          <MenuItem icon="arrow" keys={keyText("ticketMove")} onSelect={ask("move")}>
            {t("ticket.move")}
          </MenuItem>
        )}
        {can.assign && (
          <MenuItem icon="user" keys={keyText("ticketAssign")} onSelect={ask("assign")}>
            {t("ticket.assign")}
          </MenuItem>
        )}
        {can.merge && (
          <MenuItem
            icon="link"
            keys={keyText("ticketMerge")}
            onSelect={ask("merge")}
            testId="ticket-merge"
          >
            {t("ticket.merge")}
          </MenuItem>
        )}
        <MenuItem icon="note" keys={keyText("ticketNote")} onSelect={() => run("ticketNote")}>
          {t("ticket.note")}
        </MenuItem>
        {row.moves.includes("cancelled") && (
          <MenuItem
            icon="x"
            onSelect={() => set({ asking: { kind: "to", id: row.id, to: "cancelled" } })}
          >
            {t("ticket.cancelIt")}
          </MenuItem>
        )}
      </Menu>
      <IconButton
        icon="x"
        label={`${t("app.close")} (Esc)`}
        onClick={() => openTicket(null)}
        data-testid="ticket-close"
      />
    </div>
  );
};

/** What of this desk the server did not take. */
const Refused: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const [gone, setGone] = useState<readonly string[]>([]);
  const told = async (op: string, name: "outbox.retry" | "outbox.discard") => {
    try {
      await call(name, { op_id: op });
      setGone([...gone, op]);
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return view.refusals
    .filter(({ op_id }) => !gone.includes(op_id))
    .map(({ op_id, code }) => (
      <div key={op_id} className={css.refused}>
        <Notice
          tone="danger"
          testId="ticket-refused"
          action={
            <span className="hstack">
              <LinkButton onClick={() => void told(op_id, "outbox.retry")}>
                {t("outbox.retry")}
              </LinkButton>
              <LinkButton onClick={() => void told(op_id, "outbox.discard")}>
                {t("outbox.discard")}
              </LinkButton>
            </span>
          }
        >
          {t("ticket.refused")} {errorText(t, new RpcError(code, "", false, ""))}
        </Notice>
      </div>
    ));
};

/** Title, priority and the promise that presses. */
const Stands: FC<{ view: TicketView }> = ({ view }) => {
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
    </section>
  );
};

/** The departments one after the other, with how long each had it. */
const Flow: FC<{ view: TicketView }> = ({ view }) => {
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

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run } from "@/hotkeys";
import type { TicketView } from "@/ipc/generated/TicketView";
import { Button, IconButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { Menu, MenuItem } from "@/kit/Menu";
import { StateTag, useTicketNumber } from "@/parts/Ticket";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";
import { useTicketActs } from "../useTicketActs";
import css from "./Detail.module.css";

/** Number and state, and what can be done beside the one act that comes next. */
export const DetailHead: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const set = useDesk((desk) => desk.set);
  const number = useTicketNumber();
  const { release, takeBack } = useTicketActs();
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
      {can.take_back && (
        <Button
          icon="undo"
          title={keyText("undoEdit")}
          onClick={() => void takeBack(row.id, row.department_id)}
          data-testid="ticket-take-back"
        >
          {t("ticket.takeBack")}
        </Button>
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
        {can.release && (
          <MenuItem icon="undo" onSelect={() => void release(row.id)} testId="ticket-release">
            {t("ticket.release")}
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
        {can.comment && (
          <MenuItem
            icon="note"
            keys={keyText("ticketNote")}
            onSelect={() => run("ticketNote")}
            testId="ticket-write-note"
          >
            {t("ticket.note")}
          </MenuItem>
        )}
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

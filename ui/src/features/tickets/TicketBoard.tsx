import type { FC, RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { TicketState } from "@/ipc/generated/TicketState";
import { Board } from "@/kit/Board";
import { useRoutes } from "@/routes";
import { Card } from "./Card";
import { COLUMNS } from "./columns";
import { useDesk } from "./store";
import type { Shown } from "./useShown";
import { useStart } from "./useStart";

/** Columns of what is done can be shut. */
const CAN_SHUT: readonly string[] = ["on_hold", "resolved", "closed", "cancelled"];

type Props = { shown: Shown; boardRef: RefObject<HTMLDivElement | null> };

/** The tickets by state. A card goes only where its ticket may go. */
export const TicketBoard: FC<Props> = ({ shown, boardRef }) => {
  const { t } = useTranslation();
  const { ticket, openTicket } = useRoutes();
  const { active, shut, set, toggle } = useDesk();
  const start = useStart();
  if (!shown.columns) return null;
  const columns = shown.columns.map(({ state, total, rows }) => ({
    id: state,
    title: t(`ticket.state.${state}`),
    count: total,
    items: rows,
    shut: shut.includes(state),
  }));
  const known = (id: string): TicketState | undefined => COLUMNS.find((state) => state === id);
  return (
    <Board
      label={t("ticket.board")}
      columns={columns}
      keyOf={({ id }) => id}
      renderCard={(row) => <Card row={row} />}
      activeKey={active}
      openKey={ticket}
      onActive={(id) => set({ active: id })}
      onOpen={openTicket}
      targets={({ moves }) => moves}
      onMove={(id, column) => {
        const row = shown.rows.find((each) => each.id === id);
        const to = known(column);
        if (row && to) start(row, to);
      }}
      canShut={(column) => CAN_SHUT.includes(column)}
      onToggle={(column) => {
        const state = known(column);
        if (state) toggle(state);
      }}
      onRange={(column, from, to) => {
        const state = known(column);
        if (!state) return;
        set({ sight: { ...useDesk.getState().sight, [state]: { from, to } } });
      }}
      dropText={t("ticket.drop")}
      emptyText={t("ticket.columnEmpty")}
      boardRef={boardRef}
      testId="ticket-board"
    />
  );
};

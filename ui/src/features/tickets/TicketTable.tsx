import type { FC, RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketSort } from "@/ipc/generated/TicketSort";
import { Icon } from "@/kit/Icon";
import { Flag } from "@/kit/Marks";
import { Table, type TableColumn } from "@/kit/Table";
import { useNow } from "@/lib/now";
import { daysAgo, timeOfDay } from "@/lib/time";
import { DueClock, Mentioned, StateTag, useTicketNumber } from "@/parts/Ticket";
import { useRoutes } from "@/routes";
import { useDesk } from "./store";
import type { Shown } from "./useShown";

type Props = { shown: Shown; tableRef: RefObject<HTMLDivElement | null> };

/** `10:42` today, `11-23` before. */
const shortly = (at: number, now: number): string => {
  if (daysAgo(at, now) === 0) return timeOfDay(at);
  const date = new Date(at);
  return `${date.getMonth() + 1}-${date.getDate()}`;
};

/** The tickets as lines. */
export const TicketTable: FC<Props> = ({ shown, tableRef }) => {
  const { t, i18n } = useTranslation();
  // Words of other languages are longer than two or three characters.
  const short = (chinese: string, other: string) => (i18n.language === "zh-CN" ? chinese : other);
  const { ticket, openTicket } = useRoutes();
  const { active, sort, reversed, ticked, set, tick, tickMany } = useDesk();
  const number = useTicketNumber();
  const columns: TableColumn<TicketRow, TicketSort>[] = [
    {
      id: "number",
      label: t("ticket.col.number"),
      width: "72px",
      sort: "created",
      cell: (row) => <span className="num muted">{number(row)}</span>,
    },
    {
      id: "title",
      label: t("ticket.col.title"),
      width: "minmax(140px, 1fr)",
      cell: (row) => (
        <>
          {row.mentioned && <Mentioned />}
          {row.title}
        </>
      ),
    },
    {
      id: "state",
      label: t("ticket.col.state"),
      width: short("64px", "104px"),
      cell: (row) => <StateTag state={row.state} />,
    },
    {
      id: "priority",
      label: t("ticket.col.priority"),
      width: short("56px", "72px"),
      from: 620,
      sort: "priority",
      cell: (row) => <Flag level={row.priority} label={t(`priority.${row.priority}`)} showLabel />,
    },
    {
      id: "due",
      label: t("ticket.col.due"),
      width: "112px",
      sort: "due",
      cell: (row) => <DueClock row={row} />,
    },
    {
      id: "department",
      label: t("ticket.col.group"),
      width: "88px",
      from: 900,
      cell: (row) => row.department,
    },
    {
      id: "assignee",
      label: t("ticket.col.assignee"),
      width: "72px",
      from: 760,
      cell: (row) => row.assignee || <span className="muted">{t("ticket.nobody")}</span>,
    },
    {
      id: "customer",
      label: t("ticket.col.customer"),
      width: "72px",
      from: 820,
      cell: (row) => row.customer,
    },
    {
      id: "type",
      label: t("ticket.col.type"),
      width: "96px",
      from: 1_000,
      cell: (row) => row.type_name,
    },
    {
      id: "updated",
      label: t("ticket.col.updated"),
      width: "64px",
      from: 1_000,
      sort: "updated",
      end: true,
      cell: (row) => <Updated row={row} />,
    },
  ];
  return (
    <Table
      label={t("ticket.table")}
      columns={columns}
      items={shown.rows}
      keyOf={({ id }) => id}
      order={{
        sort,
        reversed,
        onSort: (next) => set({ sort: next, reversed: next === sort && !reversed }),
      }}
      activeKey={active}
      openKey={ticket}
      onActive={(id) => set({ active: id })}
      onOpen={openTicket}
      ticks={{ ticked, onTick: tick, onTickMany: tickMany, label: t("ticket.tick") }}
      onEnd={shown.more}
      tableRef={(node) => {
        tableRef.current = node;
      }}
      testId="ticket-table"
    />
  );
};

/** When anything last happened, or that something is not sent yet. */
const Updated: FC<{ row: TicketRow }> = ({ row }) => {
  const { t } = useTranslation();
  const now = useNow();
  return row.pending ? (
    <span className="warning" title={t("ticket.unsentLong")}>
      <Icon name="clock" size={12} />
    </span>
  ) : (
    <span className="num muted">{shortly(row.updated_at, now)}</span>
  );
};

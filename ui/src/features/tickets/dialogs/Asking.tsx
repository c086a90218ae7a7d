import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/ipc/generated/TicketView";
import { useTicket, useTicketChoices } from "@/ipc/tickets";
import { Pick } from "@/kit/Pick";
import { type Asking as Ask, useDesk } from "../store";
import type { Shown } from "../useShown";
import { useStart } from "../useStart";
import { useTicketActs } from "../useTicketActs";
import { BulkDo } from "./BulkDo";
import { Export } from "./Export";
import { Merge } from "./Merge";
import { Hold, Resolve, Word } from "./Moves";
import { Return, Transfer } from "./Transfer";
import { Views } from "./Views";

type Props = { asking: Ask; shown: Shown };

/** What is asked before an act is done. */
export const Asking: FC<Props> = ({ asking, shown }) => {
  const set = useDesk((desk) => desk.set);
  const close = () => set({ asking: null });
  if (asking.kind === "views") return <Views onClose={close} />;
  if (asking.kind === "export") return <Export shown={shown} onClose={close} />;
  if (asking.kind === "bulk") return <BulkDo kind={asking.act} onClose={close} />;
  return <OfTicket asking={asking} onClose={close} />;
};

type OfProps = { asking: Exclude<Ask, { kind: "bulk" | "export" | "views" }>; onClose: () => void };

const OfTicket: FC<OfProps> = ({ asking, onClose }) => {
  const { data: view } = useTicket(asking.id);
  if (!view) return null;
  switch (asking.kind) {
    case "move":
      return <Move view={view} onClose={onClose} />;
    case "to":
      if (asking.to === "resolved") return <Resolve view={view} onClose={onClose} />;
      if (asking.to === "on_hold") return <Hold view={view} onClose={onClose} />;
      return <Word view={view} to={asking.to} onClose={onClose} />;
    case "transfer":
      return <Transfer view={view} onClose={onClose} />;
    case "return":
      return <Return view={view} onClose={onClose} />;
    case "assign":
      return <Assign view={view} onClose={onClose} />;
    case "merge":
      return <Merge view={view} onClose={onClose} />;
    case "verify":
      return <Word view={view} to={asking.ok ? "closed" : "open"} onClose={onClose} />;
  }
};

type ViewProps = { view: TicketView; onClose: () => void };

/** The states that it may be moved to. */
const Move: FC<ViewProps> = ({ view: { row }, onClose }) => {
  const { t } = useTranslation();
  const start = useStart();
  return (
    <Pick
      open
      onClose={onClose}
      label={t("ticket.dialog.move")}
      items={row.moves.map((state) => ({
        id: state,
        label: t(`ticket.state.${state}`),
        hint: t(`ticket.does.${state}`),
      }))}
      // The next question may open only when this one is gone.
      onPick={(id) => {
        const to = row.moves.find((state) => state === id);
        if (to) setTimeout(() => start(row, to), 0);
      }}
      emptyText={t("ticket.columnEmpty")}
      testId="ticket-moves"
    />
  );
};

/** The people of the department. */
const Assign: FC<ViewProps> = ({ view: { row }, onClose }) => {
  const { t } = useTranslation();
  const { data } = useTicketChoices();
  const { assign } = useTicketActs();
  const people = data?.departments.find(({ id }) => id === row.department_id)?.people ?? [];
  return (
    <Pick
      open
      onClose={onClose}
      label={t("ticket.dialog.assign")}
      items={people.map(({ id, name }) => ({
        id,
        label: name,
        hint: name === row.assignee ? t("ticket.hasIt") : undefined,
      }))}
      onPick={(id) => {
        const person = people.find((each) => each.id === id);
        if (person) void assign(row.id, person.id, person.name);
      }}
      emptyText={t("ticket.noPeople")}
      testId="ticket-people"
    />
  );
};

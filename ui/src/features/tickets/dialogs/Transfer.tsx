import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/ipc/generated/TicketView";
import { useTicketChoices } from "@/ipc/tickets";
import { useTicketActs } from "../useTicketActs";
import { NoteDialog } from "./NoteDialog";
import { ToDepartment } from "./ToDepartment";

type Props = { view: TicketView; onClose: () => void };

/** To another department, with what it is to do there. The next one of the path is offered first. */
export const Transfer: FC<Props> = ({ view, onClose }) => {
  const { t } = useTranslation();
  const { data } = useTicketChoices();
  const { transfer } = useTicketActs();
  const { row, steps } = view;
  const others = (data?.departments ?? []).filter(({ id }) => id !== row.department_id);
  const next = steps.find(({ at }) => at === "ahead")?.department_id;
  const [chosen, setChosen] = useState<string | null>(null);
  const [returns, setReturns] = useState(true);
  const to = others.find(({ id }) => id === (chosen ?? next));
  return (
    <NoteDialog
      title={t("ticket.dialog.transfer")}
      text={t("ticket.dialog.transferText")}
      noteHint={t("ticket.dialog.noteTransfer")}
      doText={t("ticket.dialog.doTransfer")}
      ready={to !== undefined}
      onDo={async (note) => to && transfer(row.id, to.id, to.name, returns, note)}
      onClose={onClose}
      childrenFirst
      testId="ticket-transferring"
    >
      <ToDepartment
        departments={others}
        to={to}
        onChoose={setChosen}
        returns={returns}
        onReturns={setReturns}
        testId="ticket"
      />
    </NoteDialog>
  );
};

/** Back to the department that waits, with what came of it. */
export const Return: FC<Props> = ({ view, onClose }) => {
  const { t } = useTranslation();
  const { giveBack } = useTicketActs();
  const group = view.can.return_to ?? "";
  const waiting = view.steps.findLast(({ at, waits }) => waits && at === "past");
  const person = waiting?.person;
  return (
    <NoteDialog
      title={t("ticket.dialog.return", { group })}
      text={person ? t("ticket.dialog.returnText", { person }) : undefined}
      noteHint={t("ticket.dialog.noteReturn")}
      doText={t("ticket.dialog.doReturn")}
      onDo={(note) => giveBack(view.row.id, waiting?.department_id ?? "", group, note)}
      onClose={onClose}
      testId="ticket-returning"
    />
  );
};

import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketState } from "@/ipc/generated/TicketState";
import type { TicketView } from "@/ipc/generated/TicketView";
import { LineField } from "@/kit/FormField";
import { FormInput } from "../FormInput";
import { type Faults, readAll, type Typed } from "../form";
import { useTicketActs } from "../useTicketActs";
import { NoteDialog } from "./NoteDialog";

type Props = { view: TicketView; onClose: () => void };

/** It is done: what has to be filled in by then is asked for here. */
export const Resolve: FC<Props> = ({ view, onClose }) => {
  const { t } = useTranslation();
  const { move, patch } = useTicketActs();
  const [form, setForm] = useState<Typed>({});
  const [faults, setFaults] = useState<Faults>({});
  // As it was when this opened: what is filled in here does not vanish while it is typed.
  const [missing] = useState(() => view.fields.filter((of) => of.missing));
  const { row } = view;
  const act = async (note: string) => {
    const read = readAll(
      missing.map(({ field }) => field),
      form,
      "resolve",
    );
    setFaults(read.faults);
    if (Object.keys(read.faults).length > 0) return null;
    if (missing.length > 0) {
      const values = missing.map(({ field: { key }, rev }) => ({
        key,
        rev,
        to: read.values[key] ?? null,
      }));
      if ((await patch(row.id, { values })) === null) return null;
    }
    return move(row.id, row.state, "resolved", note);
  };
  return (
    <NoteDialog
      title={t("ticket.dialog.resolve")}
      text={missing.length > 0 ? t("ticket.dialog.missing") : undefined}
      noteHint={t("ticket.dialog.noteResolve")}
      doText={t("ticket.resolve")}
      onDo={act}
      onClose={onClose}
      childrenFirst={missing.length > 0}
      testId="ticket-resolving"
    >
      {missing.map(({ field }) => (
        <FormInput
          key={field.key}
          field={field}
          raw={form[field.key] ?? ""}
          fault={faults[field.key]}
          onChange={(raw) => {
            setForm({ ...form, [field.key]: raw });
            const { [field.key]: _, ...rest } = faults;
            setFaults(rest);
          }}
        />
      ))}
    </NoteDialog>
  );
};

const DAY = 86_400_000;
const dayText = (at: number): string => {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
/** Work begins at nine. */
const MORNING = 9;

/** Nothing can be done before a day. */
export const Hold: FC<Props> = ({ view, onClose }) => {
  const { t } = useTranslation();
  const { move } = useTicketActs();
  const [tomorrow] = useState(() => dayText(Date.now() + DAY));
  const [day, setDay] = useState(tomorrow);
  const [year, month, date] = day.split("-").map(Number);
  const until = year && month && date ? new Date(year, month - 1, date, MORNING).getTime() : null;
  const { row } = view;
  return (
    <NoteDialog
      title={t("ticket.dialog.hold")}
      text={t("ticket.dialog.holdText")}
      noteHint={t("ticket.dialog.noteHold")}
      doText={t("ticket.dialog.doHold")}
      ready={day === "" || day >= tomorrow}
      onDo={(note) => move(row.id, row.state, "on_hold", note, until)}
      onClose={onClose}
      testId="ticket-holding"
    >
      <LineField
        label={t("ticket.dialog.until")}
        type="date"
        min={tomorrow}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
        data-testid="ticket-until"
      />
    </NoteDialog>
  );
};

type WordProps = Props & { to: TicketState };

/** Any other move that is worth a word. */
export const Word: FC<WordProps> = ({ view, to, onClose }) => {
  const { t } = useTranslation();
  const { move, verify } = useTicketActs();
  const { row } = view;
  const verifies = row.state === "resolved" && view.can.verify;
  const go = (note: string) =>
    verifies ? verify(row.id, to === "closed", note) : move(row.id, row.state, to, note);
  if (to === "cancelled")
    return (
      <NoteDialog
        title={t("ticket.dialog.cancel")}
        text={t("ticket.dialog.cancelText")}
        noteHint={t("ticket.dialog.noteCancel")}
        noteNeeded
        doText={t("ticket.dialog.doCancel")}
        backText={t("ticket.dialog.back")}
        danger
        onDo={go}
        onClose={onClose}
        testId="ticket-cancelling"
      />
    );
  if (to === "pending_customer")
    return (
      <NoteDialog
        title={t("ticket.dialog.pending")}
        text={t("ticket.dialog.pendingText")}
        noteHint={t("ticket.dialog.notePending")}
        doText={t("ticket.dialog.doPending")}
        onDo={go}
        onClose={onClose}
        testId="ticket-pending"
      />
    );
  if (to === "closed")
    return (
      <NoteDialog
        title={t("ticket.verify")}
        text={t("ticket.dialog.verifyText")}
        noteHint={t("ticket.dialog.noteVerify")}
        doText={t("ticket.verifyOk")}
        onDo={go}
        onClose={onClose}
        testId="ticket-verifying"
      />
    );
  return (
    <NoteDialog
      title={t(row.state === "resolved" ? "ticket.dialog.reopen" : "ticket.dialog.move")}
      noteHint={t("ticket.dialog.noteReopen")}
      noteNeeded={row.state === "resolved"}
      doText={t(row.state === "resolved" ? "ticket.dialog.doReopen" : "ticket.move")}
      onDo={go}
      onClose={onClose}
      testId="ticket-reopening"
    />
  );
};

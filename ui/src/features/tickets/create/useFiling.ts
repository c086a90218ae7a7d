import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { Priority } from "@/ipc/generated/Priority";
import type { TicketForm } from "@/ipc/generated/TicketForm";
import type { TicketId } from "@/ipc/generated/TicketId";
import type { TicketTypeId } from "@/ipc/generated/TicketTypeId";
import type { TicketValue } from "@/ipc/generated/TicketValue";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import { ticketError } from "../errors";
import { type Fault, type Faults, readAll, type Typed, typed } from "../form";
import { isWritten, NOTHING, useUnsaved, type Written } from "../unsaved";

const MAX_TITLE = 120;

export type Filing = {
  title: string;
  titleFault: "titleEmpty" | "titleLong" | null;
  priority: Priority;
  department: GroupId | null;
  note: string;
  values: Typed;
  faults: Faults;
  /** What went wrong with all of it. */
  wrong: string | null;
  busy: boolean;
  first: RefObject<HTMLInputElement | null>;
  /** Whether it goes on with what was written before the dialog was closed. */
  resumed: boolean;
  /** Begins anew. */
  startOver: () => void;
  write: (change: Partial<Omit<Written, "type" | "values">>) => void;
  writeValue: (key: string, raw: string) => void;
  submit: () => Promise<void>;
};
type Of = {
  id: TicketId;
  form: TicketForm;
  type: TicketTypeId;
  from: ConversationId | null;
  onClose: () => void;
};

/** A ticket that is being written, until it is filed. */
export function useFiling({ id, form, type, from, onClose }: Of): Filing {
  const { t } = useTranslation();
  const client = useQueryClient();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const key = from ?? "";
  const written = useUnsaved(({ forms }) => forms[key] ?? NOTHING);
  const { writeForm, dropForm } = useUnsaved();
  const [wasWritten] = useState(() => isWritten(written));
  const [faults, setFaults] = useState<Faults>({});
  const [titleFault, setTitleFault] = useState<Filing["titleFault"]>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);

  const kind = form.types.find((each) => each.id === type);
  const given: Record<string, TicketValue> = Object.fromEntries(
    form.values.map(({ key, value }) => [key, value]),
  );
  const values: Typed = Object.fromEntries(
    (kind?.fields ?? []).map(({ key }) => [key, written.values[key] ?? typed(given[key])]),
  );
  const title = written.title ?? form.title;
  const priority = written.priority ?? form.priority;
  const department = written.department ?? form.department_id;

  const checked = () => {
    const read = readAll(kind?.fields ?? [], values, "create", given);
    const chars = Array.from(title.trim()).length;
    const about = chars === 0 ? "titleEmpty" : chars > MAX_TITLE ? "titleLong" : null;
    setFaults(read.faults);
    setTitleFault(about);
    if (about === null && Object.keys(read.faults).length === 0) return read.values;
    setTimeout(
      () => document.querySelector<HTMLElement>('[role=dialog] [aria-invalid="true"]')?.focus(),
      0,
    );
    return null;
  };
  const submit = async () => {
    if (busy) return;
    const fitting = checked();
    if (!fitting) return;
    setBusy(true);
    setWrong(null);
    try {
      const view = await call("ticket.create", {
        ticket_id: id,
        type_id: type,
        title: title.trim(),
        priority,
        department_id: department,
        conversation_id: from,
        values: fitting,
        note: (written.note ?? "").trim(),
      });
      client.setQueryData(keys.ticket(id), view);
      dropForm(key);
      onClose();
      const said =
        view.row.number === ""
          ? t("ticket.create.doneUnsent")
          : t("ticket.create.done", { number: view.row.number });
      toast("success", said, { label: t("ticket.create.see"), run: () => openTicket(id) });
    } catch (error) {
      setBusy(false);
      setWrong(ticketError(t, RpcError.from(error)));
    }
  };
  return {
    title,
    titleFault,
    priority,
    department,
    note: written.note ?? "",
    values,
    faults,
    wrong,
    busy,
    first,
    resumed: wasWritten && isWritten(written),
    startOver: () => {
      dropForm(key);
      setFaults({});
      setTitleFault(null);
      setWrong(null);
    },
    write: (change) => {
      writeForm(key, (now) => ({ ...now, ...change }));
      if (change.title !== undefined) setTitleFault(null);
    },
    writeValue: (field, raw) => {
      writeForm(key, (now) => ({ ...now, values: { ...now.values, [field]: raw } }));
      setFaults(({ [field]: _, ...rest }: Record<string, Fault>) => rest);
    },
    submit,
  };
}

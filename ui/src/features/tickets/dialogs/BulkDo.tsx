import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { Priority } from "@/ipc/generated/Priority";
import type { TicketBulkAct } from "@/ipc/generated/TicketBulkAct";
import type { TicketState } from "@/ipc/generated/TicketState";
import { useTicketBulk, useTicketChoices } from "@/ipc/tickets";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { toast } from "@/kit/Notice";
import { Pick } from "@/kit/Pick";
import { saidFinal, saidUndoable } from "@/parts/undo";
import { ticketError } from "../errors";
import { type BulkKind, useDesk } from "../store";
import { Refusals } from "./Refusals";
import { ToDepartment } from "./ToDepartment";

const LEVELS: readonly Priority[] = ["urgent", "high", "normal", "low"];
const STATES: readonly TicketState[] = ["open", "pending_customer", "resolved", "closed"];
type Props = { kind: BulkKind; onClose: () => void };
type Chosen = { act: TicketBulkAct; what: string };

/** One act on all ticked tickets: what, then what would come of it, then it is done. */
export const BulkDo: FC<Props> = ({ kind, onClose }) => {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Chosen | null>(
    kind === "claim" ? { act: { act: "claim" }, what: t("ticket.bulkClaim") } : null,
  );
  if (chosen) return <Sure chosen={chosen} onClose={onClose} />;
  switch (kind) {
    case "claim":
      return null;
    case "assign":
      return <Person onChoose={setChosen} onClose={onClose} />;
    case "transfer":
      return <Department onChoose={setChosen} onClose={onClose} />;
    case "priority":
      return (
        <Pick
          open
          onClose={onClose}
          label={t("ticket.bulkDo.priority")}
          items={LEVELS.map((id) => ({ id, label: t(`priority.${id}`) }))}
          onPick={(id) => {
            const priority = LEVELS.find((each) => each === id);
            if (!priority) return;
            const what = t("ticket.bulkDo.toPriority", { priority: t(`priority.${priority}`) });
            setChosen({ act: { act: "priority", priority }, what });
          }}
          stays
          emptyText=""
          testId="bulk-priorities"
        />
      );
    case "move":
      return (
        <Pick
          open
          onClose={onClose}
          label={t("ticket.dialog.move")}
          items={STATES.map((id) => ({
            id,
            label: t(`ticket.state.${id}`),
            hint: t(`ticket.does.${id}`),
          }))}
          onPick={(id) => {
            const to = STATES.find((each) => each === id);
            if (!to) return;
            const what = t("ticket.bulkTo", { state: t(`ticket.state.${to}`) });
            setChosen({ act: { act: "move", to }, what });
          }}
          stays
          emptyText=""
          testId="bulk-states"
        />
      );
  }
};

type ChooseProps = { onChoose: (chosen: Chosen) => void; onClose: () => void };

/** The people of all departments, one's own first: a ticket takes only who works where it is. */
const Person: FC<ChooseProps> = ({ onChoose, onClose }) => {
  const { t } = useTranslation();
  const { data } = useTicketChoices();
  const departments = [...(data?.departments ?? [])].sort(
    (a, b) => Number(b.mine) - Number(a.mine),
  );
  const people = new Map<string, { name: string; of: string[] }>();
  for (const { name, people: some } of departments)
    for (const person of some) {
      const known = people.get(person.id);
      people.set(person.id, { name: person.name, of: [...(known?.of ?? []), name] });
    }
  return (
    <Pick
      open
      onClose={onClose}
      label={t("ticket.dialog.assign")}
      items={[...people].map(([id, { name, of }]) => ({ id, label: name, hint: of.join("、") }))}
      onPick={(id) => {
        const name = people.get(id)?.name;
        if (name === undefined) return;
        const what = t("ticket.bulkDo.toPerson", { name });
        onChoose({ act: { act: "assign", agent_id: id }, what });
      }}
      stays
      emptyText={t("ticket.noPeople")}
      testId="bulk-people"
    />
  );
};

const Department: FC<ChooseProps> = ({ onChoose, onClose }) => {
  const { t } = useTranslation();
  const { data } = useTicketChoices();
  const [id, setId] = useState("");
  const [returns, setReturns] = useState(false);
  const to = data?.departments.find((each) => each.id === id);
  const go = () => {
    if (!to) return;
    const what = t("ticket.bulkDo.toDepartment", { group: to.name });
    onChoose({ act: { act: "transfer", department_id: to.id, returns, note: "" }, what });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("ticket.dialog.transfer")}
      testId="bulk-transferring"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button look="primary" disabled={!to} onClick={go} data-testid="bulk-transferring-next">
            {t("ticket.bulkDo.next")}
          </Button>
        </>
      }
    >
      <ToDepartment
        departments={data?.departments ?? []}
        to={to}
        onChoose={setId}
        returns={returns}
        onReturns={setReturns}
        testId="bulk"
      />
    </Dialog>
  );
};

type SureProps = { chosen: Chosen; onClose: () => void };

/** What would come of it, ticket by ticket where it may not be. */
const Sure: FC<SureProps> = ({ chosen: { act, what }, onClose }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { ticked, set } = useDesk();
  // Those that it was opened for: what comes in meanwhile does not change them.
  const [ids] = useState(() => [...ticked]);
  const [busy, setBusy] = useState(false);
  const { data, error } = useTicketBulk(ids, act);
  const after = () => void client.invalidateQueries({ queryKey: ["ticket"] });
  const run = async () => {
    if (busy || !data || data.done === 0) return;
    setBusy(true);
    try {
      const { done, refused, undo } = await call("ticket.bulk", { ids, act, preview: false });
      set({ ticked: new Set(refused.map(({ id }) => id)) });
      const back = async () => {
        try {
          const { done: n, asked, refused: rest } = await call("ticket.bulk_undo", { undo });
          const words = [
            ...(n > 0 || asked === 0 ? [t("ticket.bulkDo.undone", { n })] : []),
            // What they did with those that have left nobody here knows.
            ...(asked > 0 ? [t("ticket.bulkDo.undoneAsked", { asked })] : []),
            ...(rest.length > 0 ? [t("ticket.bulkDo.undoneLeft", { left: rest.length })] : []),
          ];
          toast(rest.length === 0 ? "success" : "warning", words.join(t("app.comma")));
        } catch (failure) {
          toast("danger", ticketError(t, failure));
        }
        after();
      };
      const tone = refused.length === 0 ? "success" : "warning";
      const text =
        refused.length === 0
          ? t("ticket.bulkDo.did", { n: done, what })
          : t("ticket.bulkDo.didSome", { n: done, what, left: refused.length });
      if (undo.length === 0) saidFinal(useDesk, tone, text);
      else
        saidUndoable(useDesk, {
          tone,
          text,
          label:
            undo.length === done
              ? t("ticket.bulkDo.undo")
              : t("ticket.bulkDo.undoSome", { n: undo.length }),
          ids: undo.map(({ id }) => id),
          back: () => void back(),
        });
      onClose();
    } catch (failure) {
      toast("danger", ticketError(t, failure));
    }
    after();
    setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("ticket.bulkDo.title", { n: ids.length, what })}
      testId="bulk-sure"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="primary"
            disabled={!data || data.done === 0}
            busy={busy}
            onClick={() => void run()}
            data-testid="bulk-do"
          >
            {t("ticket.bulkDo.do", { n: data?.done ?? 0 })}
          </Button>
        </>
      }
    >
      {error !== null && <p className="danger">{ticketError(t, error)}</p>}
      {data && (
        <>
          <p data-testid="bulk-preview">
            {data.refused.length === 0 && data.same === 0
              ? t("ticket.bulkDo.all", { n: data.done })
              : t("ticket.bulkDo.some", { n: data.done })}
            {data.same > 0 && <span>{t("ticket.bulkDo.same", { n: data.same })}</span>}
          </p>
          {data.refused.length > 0 && <Refusals refused={data.refused} act={act} />}
        </>
      )}
    </Dialog>
  );
};

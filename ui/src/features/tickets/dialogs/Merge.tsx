import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketView } from "@/ipc/generated/TicketView";
import { noFilter, useTicketList } from "@/ipc/tickets";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Pick } from "@/kit/Pick";
import { useDebounced } from "@/lib/useDebounced";
import { useTicketNumber } from "@/parts/Ticket";
import { useRoutes } from "@/routes";
import { useTicketActs } from "../useTicketActs";

const STILL_MS = 150;
const MOST = 20;
type Props = { view: TicketView; onClose: () => void };

/** Into which other one: those of the same customer are offered first. */
export const Merge: FC<Props> = ({ view, onClose }) => {
  const { t } = useTranslation();
  const number = useTicketNumber();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const { merge } = useTicketActs();
  const [query, setQuery] = useState("");
  const [into, setInto] = useState<TicketRow | null>(null);
  const still = useDebounced(query.trim(), STILL_MS);
  const unfinished = ["new", "open", "pending_customer", "on_hold"] as const;
  const contact = still === "" ? (view.customer?.contact_id ?? null) : null;
  const { data } = useTicketList(
    noFilter({ query: still, contact_id: contact, states: [...unfinished] }),
    MOST,
  );
  const { row } = view;
  const own = (data?.rows ?? []).filter(({ id }) => id !== row.id);
  // Without another one of the customer all are offered.
  const alone = contact !== null && data !== undefined && own.length === 0;
  const { data: all } = useTicketList(noFilter({ states: [...unfinished] }), MOST, alone);
  const others = alone ? (all?.rows ?? []).filter(({ id }) => id !== row.id) : own;
  if (into === null)
    return (
      <Pick
        open
        onClose={onClose}
        label={t("ticket.dialog.merge")}
        items={others.map((other) => ({
          id: other.id,
          label: `${number(other)} ${other.title}`,
          hint: other.customer,
        }))}
        onQuery={setQuery}
        onPick={(id) => setInto(others.find((each) => each.id === id) ?? null)}
        stays
        emptyText={t("ticket.dialog.mergeNone")}
        testId="ticket-merging"
      />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("ticket.dialog.mergeSure", { number: number(row), into: number(into) })}
      text={t("ticket.dialog.mergeText")}
      testId="ticket-merge-sure"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="primary"
            onClick={() => {
              onClose();
              void merge(row.id, into.id, number(row)).then((done) => {
                if (done) openTicket(into.id);
              });
            }}
            data-testid="ticket-merge-do"
          >
            {t("ticket.dialog.doMerge")}
          </Button>
        </>
      }
    >
      <p>
        <span className="num muted">{number(into)}</span> {into.title}
      </p>
    </Dialog>
  );
};

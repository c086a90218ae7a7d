import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { call } from "@/ipc/call";
import { Button, LinkButton } from "@/kit/Button";
import { toast } from "@/kit/Notice";
import { ticketError } from "./errors";
import { type BulkKind, MOST_TICKED, useDesk } from "./store";
import css from "./Tickets.module.css";
import type { Shown } from "./useShown";

const ACTS: readonly { kind: BulkKind; keys?: Parameters<typeof keyText>[0] }[] = [
  { kind: "claim", keys: "ticketClaim" },
  { kind: "assign", keys: "ticketAssign" },
  { kind: "transfer", keys: "ticketTransfer" },
  { kind: "priority" },
  { kind: "move", keys: "ticketMove" },
];

/** What can be done to all ticked tickets. What would come of it is shown before it is done. */
export const Bulk: FC<{ shown: Shown }> = ({ shown }) => {
  const { t } = useTranslation();
  const { ticked, sort, reversed, set, tickMany } = useDesk();
  const [busy, setBusy] = useState(false);
  const most = Math.min(MOST_TICKED, shown.total);
  const all = async () => {
    setBusy(true);
    try {
      const { filter } = shown;
      const page = await call("ticket.list", { filter, sort, reversed, offset: 0, limit: most });
      tickMany(page.rows.map(({ id }) => id));
    } catch (error) {
      toast("danger", ticketError(t, error));
    }
    setBusy(false);
  };
  return (
    <section className={css.bulk} aria-label={t("ticket.bulk")} data-testid="ticket-bulk">
      <span className="one" role="status">
        {t("ticket.ticked", { n: ticked.size })}
      </span>
      {ticked.size < most && (
        <LinkButton disabled={busy} onClick={() => void all()} data-testid="bulk-all">
          {t("ticket.bulkDo.tickAll", { n: most })}
        </LinkButton>
      )}
      <span className="grow" />
      {ACTS.map(({ kind, keys }) => (
        <Button
          key={kind}
          size="sm"
          {...(keys && { title: keyText(keys) })}
          onClick={() => set({ asking: { kind: "bulk", act: kind } })}
          data-testid={`bulk-${kind}`}
        >
          {t(`ticket.bulkDo.act.${kind}`)}
        </Button>
      ))}
      <Button
        size="sm"
        look="ghost"
        onClick={() => set({ ticked: new Set() })}
        data-testid="bulk-untick"
      >
        {t("ticket.untick")}
      </Button>
    </section>
  );
};

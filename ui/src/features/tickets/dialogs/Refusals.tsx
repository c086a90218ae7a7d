import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { refusedText } from "@/i18n/words";
import type { TicketBulkAct } from "@/ipc/generated/TicketBulkAct";
import type { TicketBulkRefusal } from "@/ipc/generated/TicketBulkRefusal";
import { useTicketNumber } from "@/parts/Ticket";
import css from "./Refusals.module.css";

type Props = { refused: readonly TicketBulkRefusal[]; act: TicketBulkAct };

/** Tickets that an act is not done to, each with why not. */
export const Refusals: FC<Props> = ({ refused, act }) => {
  const { t } = useTranslation();
  const number = useTicketNumber();
  const why = ({ code, holder }: TicketBulkRefusal): string => {
    switch (code) {
      case "held_by_other":
        return t("ticket.bulkDo.why.held", { name: holder });
      case "not_found":
        return t(act.act === "assign" ? "ticket.bulkDo.why.person" : "ticket.bulkDo.why.gone");
      case "forbidden":
        return t("ticket.bulkDo.why.elsewhere");
      case "illegal_state":
        return t("ticket.bulkDo.why.state");
      case "fields_missing":
        return t("ticket.bulkDo.why.fields");
      case "empty":
        return t("ticket.bulkDo.why.same");
      case "changed_meanwhile":
        return t("ticket.error.changed_meanwhile");
      default:
        return refusedText(t, code);
    }
  };
  return (
    <section aria-label={t("ticket.bulkDo.refused", { n: refused.length })}>
      <h3 className={css.head}>{t("ticket.bulkDo.refused", { n: refused.length })}</h3>
      <ul className={`${css.list} scroll`} data-testid="bulk-refused">
        {refused.map((one) => (
          <li key={one.id} className={css.row}>
            <span className="num muted">{number(one)}</span>
            <span className="one">{one.title}</span>
            <span className={css.why}>{why(one)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};

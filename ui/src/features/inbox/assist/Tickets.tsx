import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { ContactId } from "@/ipc/generated/ContactId";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { noFilter, useTicketList } from "@/ipc/tickets";
import { Button, LinkButton } from "@/kit/Button";
import { DueClock, StateTag, useTicketNumber } from "@/parts/Ticket";
import { useRoutes } from "@/routes";
import block from "./Block.module.css";
import css from "./Tickets.module.css";

const FEW = 5;
const MOST = 100;

type Props = { id: ConversationId; contact: ContactId | undefined };

/** The tickets of the customer, so that none is filed twice, and a new one with what the conversation has. */
export const Tickets: FC<Props> = ({ id, contact }) => {
  const { t } = useTranslation();
  const number = useTicketNumber();
  const { openTicket, fileTicket } = useRoutes();
  const [most, setMost] = useState(FEW);
  const { data } = useTicketList(
    noFilter({ contact_id: contact ?? null }),
    most,
    contact !== undefined,
  );
  return (
    <section className={block.block} aria-label={t("ticket.assist")} data-testid="assist-tickets">
      <div className={block.head}>
        <h2 className="grow">{t("ticket.assist")}</h2>
        <Button
          size="sm"
          icon="plus"
          keys={keyText("ticketNew")}
          onClick={() => fileTicket({ from: id })}
          data-testid="file-ticket"
        >
          {t("ticket.file")}
        </Button>
      </div>
      {data?.rows.length === 0 && <p className="small muted">{t("ticket.assistNone")}</p>}
      <ul className={css.list}>
        {data?.rows.map((row) => (
          <li key={row.id}>
            <LinkButton
              className={css.ticket}
              onClick={() => openTicket(row.id)}
              data-testid="assist-ticket"
            >
              <span className="num">{number(row)}</span>
              <span className="one grow">{row.title}</span>
              <DueClock row={row} />
              <StateTag state={row.state} />
            </LinkButton>
          </li>
        ))}
      </ul>
      {data && data.rows.length < data.total && most < MOST && (
        <LinkButton
          className="small"
          onClick={() => setMost(MOST)}
          data-testid="assist-all-tickets"
        >
          {t("ticket.assistAll", { n: data.total })}
        </LinkButton>
      )}
    </section>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/ipc/generated/TicketView";
import { LinkButton } from "@/kit/Button";
import { Tag } from "@/kit/Marks";
import { useName } from "@/parts/Person";
import { useRoutes } from "@/routes";
import { useTicketActs } from "../useTicketActs";
import css from "./Detail.module.css";
import { FieldLine } from "./FieldLine";

/** For whom, from which conversations, and the form. */
export const Facts: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const name = useName();
  const openConversation = useRoutes((routes) => routes.openConversation);
  const { patch } = useTicketActs();
  const { row, customer, conversations, fields, can } = view;
  return (
    <section className={css.block} aria-label={t("ticket.facts")}>
      <dl className={css.dl}>
        <dt>{t("ticket.col.type")}</dt>
        <dd>{row.type_name}</dd>
        {customer && (
          <>
            <dt>{t("ticket.col.customer")}</dt>
            <dd className="hstack">
              <span className="one">{name(customer)}</span>
              {customer.tier !== "normal" && <Tag>{t(`tier.${customer.tier}`)}</Tag>}
            </dd>
          </>
        )}
        {conversations.length > 0 && (
          <>
            <dt>{t("ticket.conversations")}</dt>
            <dd className={css.links}>
              {conversations.map(({ id, number, status }) =>
                status === null ? (
                  <span key={id} className="num muted" title={t("ticket.notHere")}>
                    {number}
                  </span>
                ) : (
                  <span key={id} className="hstack">
                    <LinkButton
                      className="num"
                      onClick={() => openConversation(id)}
                      data-testid="ticket-conversation"
                    >
                      {number}
                    </LinkButton>
                    <span className="muted">{t(`ticket.status.${status}`)}</span>
                  </span>
                ),
              )}
            </dd>
          </>
        )}
        {fields.map((of) => (
          <FieldLine
            key={of.field.key}
            of={of}
            editable={can.edit}
            onSave={async (to) =>
              (await patch(row.id, { values: [{ key: of.field.key, rev: of.rev, to }] })) !== null
            }
          />
        ))}
      </dl>
    </section>
  );
};

import { type FC, Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { TicketPathStep } from "@/ipc/generated/TicketPathStep";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import { Icon } from "@/kit/Icon";
import { Avatar, Flag } from "@/kit/Marks";
import { selfLetter } from "@/lib/text";
import { DueClock, Mentioned, useTicketNumber } from "@/parts/Ticket";
import css from "./Card.module.css";

/** A ticket on the board. */
export const Card: FC<{ row: TicketRow }> = ({ row }) => {
  const { t } = useTranslation();
  const number = useTicketNumber();
  return (
    <>
      <span className={css.top}>
        <span className="num">{number(row)}</span>
        <span className="grow one">{row.type_name}</span>
        {row.pending && (
          <span className={css.unsent} title={t("ticket.unsentLong")}>
            <Icon name="clock" size={12} />
            {t("ticket.unsent")}
          </span>
        )}
        {row.mentioned && <Mentioned />}
        <Flag level={row.priority} label={t(`priority.${row.priority}`)} />
      </span>
      <span className={css.title}>{row.title}</span>
      <Path path={row.path} />
      <span className={css.foot}>
        <span className="one">{row.customer}</span>
        <DueClock row={row} />
        {row.assignee !== "" && (
          <Avatar letter={selfLetter(row.assignee)} size={20} self={row.mine} />
        )}
      </span>
    </>
  );
};

/** Departments so far and to come; the one that has it stands out. */
const Path: FC<{ path: readonly TicketPathStep[] }> = ({ path }) => (
  <span className={css.path}>
    {path.map(({ department, at }, place) => (
      // A department may come twice, and a path only grows at its end.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <Fragment key={place}>
        {place > 0 && <Icon name="right" size={12} />}
        <span className={at === "now" ? css.now : undefined}>{department}</span>
      </Fragment>
    ))}
  </span>
);

import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { TicketView } from "@/ipc/generated/TicketView";
import { LinkButton } from "@/kit/Button";
import { Notice, toast } from "@/kit/Notice";
import { RpcError } from "@/platform";
import { ticketError } from "../errors";
import css from "./Detail.module.css";

/** What of this desk the server did not take. */
export const Refused: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const [gone, setGone] = useState<readonly string[]>([]);
  const told = async (op: string, name: "outbox.retry" | "outbox.discard") => {
    try {
      await call(name, { op_id: op });
      setGone([...gone, op]);
    } catch (error) {
      toast("danger", ticketError(t, error));
    }
  };
  return view.refusals
    .filter(({ op_id }) => !gone.includes(op_id))
    .map(({ op_id, code }) => (
      <div key={op_id} className={css.refused}>
        <Notice
          tone="danger"
          testId="ticket-refused"
          action={
            <span className="hstack">
              <LinkButton onClick={() => void told(op_id, "outbox.retry")}>
                {t("outbox.retry")}
              </LinkButton>
              <LinkButton onClick={() => void told(op_id, "outbox.discard")}>
                {t("outbox.discard")}
              </LinkButton>
            </span>
          }
        >
          {t("ticket.refused")} {ticketError(t, new RpcError(code, "", false, ""))}
        </Notice>
      </div>
    ));
};

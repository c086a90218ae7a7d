import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { StoppedView } from "@/ipc/generated/StoppedView";
import { Button } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { backToDraft } from "@/parts/drafts";
import { useDesk } from "../store";
import css from "./StoppedBar.module.css";

/** Replies that the server held back since others wrote first. Each waits for a look and a word. */
export const StoppedBars: FC<{ view: ConversationView }> = ({ view }) => (
  <>
    {view.stopped.map((stopped) => (
      <Stopped key={stopped.op_id} view={view} stopped={stopped} />
    ))}
  </>
);

const Stopped: FC<{ view: ConversationView; stopped: StoppedView }> = ({ view, stopped }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const see = useDesk((desk) => desk.see);
  const id = view.row.id;
  const { op_id } = stopped;
  const missed = view.messages.filter(({ seq }) => stopped.missed.includes(seq));
  const last = missed.at(-1)?.seq ?? stopped.seen_seq;
  const [open, setOpen] = useState(false);
  // What came in after the look has not been looked at.
  const [looked, setLooked] = useState<number | null>(null);
  const mayGo = looked !== null && looked >= last;
  const yours = view.messages.find((message) => message.op_id === op_id);
  const text = yours?.file?.name ?? yours?.text ?? "";
  const n = missed.length;
  const fromCustomer = missed.every(({ author }) => author === "customer");

  const look = () => {
    setOpen(!open);
    setLooked(last);
    see(id, last);
  };
  const told = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => toast("danger", errorText(t, error)));
  return (
    <section className={css.bar} aria-label={t("stale.label")} data-testid="stopped-bar">
      <div className={css.head}>
        <Icon name="warn" size={14} className="warning" />
        <p className={css.what} role="status">
          {n === 0
            ? t("stale.againUnknown")
            : t(fromCustomer ? "stale.again" : "stale.againColleague", { n })}
        </p>
      </div>
      <p className={css.yours}>
        <span>{t("stale.yours")}</span>
        <span className="one">{text}</span>
      </p>
      {open && n > 0 && (
        <div className={css.missed} data-testid="stopped-missed">
          {missed.map((message) => (
            <p key={message.id}>{message.file?.name ?? message.text}</p>
          ))}
        </div>
      )}
      <div className={css.acts}>
        <Button
          size="sm"
          look={mayGo ? "plain" : "primary"}
          aria-expanded={open}
          onClick={look}
          data-testid="stopped-look"
        >
          {t(open ? "stale.hide" : "stale.look")}
        </Button>
        <Button
          size="sm"
          look={mayGo ? "primary" : "plain"}
          disabled={!mayGo}
          title={mayGo ? undefined : t("stale.mustLook")}
          onClick={() => told(call("outbox.retry", { op_id, seen_seq: last }))}
          data-testid="stopped-send"
        >
          {t("stale.sendAnyway")}
        </Button>
        <Button
          size="sm"
          look="ghost"
          onClick={() => told(backToDraft(client, op_id, id))}
          data-testid="stopped-draft"
        >
          {t("conversation.toDraft")}
        </Button>
      </div>
    </section>
  );
};

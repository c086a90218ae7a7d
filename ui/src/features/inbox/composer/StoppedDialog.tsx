import { type FC, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { MessageView } from "@/ipc/generated/MessageView";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { useSnug } from "@/kit/snug";
import { useDesk } from "../store";
import css from "./StoppedDialog.module.css";
import { useReply } from "./useReply";

/** A reply was stopped: shows what came in since, and keeps what was written. */
export const StoppedDialog: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const { stopped, set, see } = useDesk();
  const { busy, send } = useReply(view.row.id);
  const back = useRef<HTMLButtonElement>(null);
  const mine = stopped?.id === view.row.id ? stopped : null;
  const close = () => set({ stopped: null });
  if (!mine) return null;

  if (mine.kind === "held") {
    return (
      <Dialog
        open
        onClose={close}
        testId="held-dialog"
        title={t("stale.heldTitle")}
        text={t("stale.heldText")}
        foot={
          <Button look="primary" onClick={close}>
            {t("stale.ok")}
          </Button>
        }
      />
    );
  }
  const n = mine.missed.length;
  const fromCustomer = mine.missed.every(({ author }) => author === "customer");
  const edit = () => {
    see(mine.id, view.last_seq);
    close();
  };
  const anyway = async () => {
    see(mine.id, view.last_seq);
    close();
    await send({
      text: mine.text,
      source: mine.source,
      fromComposer: mine.fromComposer,
      seenSeq: view.last_seq,
    });
  };
  return (
    <Dialog
      open
      onClose={edit}
      testId="stale-dialog"
      title={
        n === 0
          ? t("stale.titleUnknown")
          : t(fromCustomer ? "stale.title" : "stale.titleColleague", { n })
      }
      text={t(n === 0 ? "stale.textUnknown" : "stale.text")}
      initialFocus={back}
      foot={
        <>
          <Button look="ghost" busy={busy} onClick={() => void anyway()} data-testid="send-anyway">
            {t("stale.sendAnyway")}
          </Button>
          <Button ref={back} look="primary" onClick={edit} data-testid="stale-edit">
            {t("stale.edit")}
          </Button>
        </>
      }
    >
      {n > 0 && <Missed messages={mine.missed} />}
    </Dialog>
  );
};

const Missed: FC<{ messages: readonly MessageView[] }> = ({ messages }) => {
  const box = useRef<HTMLDivElement>(null);
  useSnug(box, "p");
  return (
    <div ref={box} className={css.missed}>
      {messages.map(({ id, text, file }) => (
        <p key={id} className={css.bubble}>
          {file?.name ?? text}
        </p>
      ))}
    </div>
  );
};

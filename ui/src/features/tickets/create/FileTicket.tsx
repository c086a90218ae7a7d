import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { TicketForm } from "@/ipc/generated/TicketForm";
import type { TicketTypeId } from "@/ipc/generated/TicketTypeId";
import { useTicketForm } from "@/ipc/tickets";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { EmptyState } from "@/kit/EmptyState";
import { Kbd } from "@/kit/Kbd";
import { Notice } from "@/kit/Notice";
import { uuidv7 } from "@/lib/uuid";
import { useRoutes } from "@/routes";
import { useUnsaved } from "../unsaved";
import { FormBody } from "./FormBody";
import { useFiling } from "./useFiling";

/** Files a ticket: from a conversation, with what it has filled in, or from nothing. */
export const FileTicket: FC = () => {
  const { filing, fileTicket } = useRoutes();
  if (!filing) return null;
  return <Writing key={filing.from ?? ""} from={filing.from} onClose={() => fileTicket(null)} />;
};

type Props = { from: ConversationId | null; onClose: () => void };

const Writing: FC<Props> = ({ from, onClose }) => {
  const { t } = useTranslation();
  const type = useUnsaved(({ forms }) => forms[from ?? ""]?.type ?? null);
  const writeForm = useUnsaved((unsaved) => unsaved.writeForm);
  // One number for one dialog: pressing twice files one ticket.
  const [id] = useState(() => uuidv7());
  const { data: form, error } = useTicketForm(from, type);
  if (form && form.type_id !== null)
    return (
      <Form
        id={id}
        form={form}
        type={type ?? form.type_id}
        onType={(chosen) => writeForm(from ?? "", (now) => ({ ...now, type: chosen }))}
        from={from}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("ticket.create.title")}
      size="lg"
      testId="filing"
      foot={<Button onClick={onClose}>{t("app.cancel")}</Button>}
    >
      {error !== null && <Notice tone="danger">{errorText(t, error)}</Notice>}
      {form && (
        <EmptyState
          icon="ticket"
          title={t("ticket.create.title")}
          text={t("ticket.create.noTypes")}
        />
      )}
    </Dialog>
  );
};

type FormProps = Props & {
  id: string;
  form: TicketForm;
  type: TicketTypeId;
  onType: (type: TicketTypeId) => void;
};

const Form: FC<FormProps> = ({ id, form, type, onType, from, onClose }) => {
  const { t } = useTranslation();
  const filing = useFiling({ id, form, type, from, onClose });
  const name = form.customer?.name || t("list.guest");
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("ticket.create.title")}
      text={
        form.conversation
          ? t("ticket.create.from", { number: form.conversation.number, name })
          : undefined
      }
      size="lg"
      initialFocus={filing.first}
      testId="filing"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="primary"
            busy={filing.busy}
            onClick={() => void filing.submit()}
            data-testid="filing-do"
          >
            {t("ticket.create.do")}
            <Kbd keys="Ctrl Enter" />
          </Button>
        </>
      }
    >
      <FormBody form={form} type={type} onType={onType} filing={filing} />
    </Dialog>
  );
};

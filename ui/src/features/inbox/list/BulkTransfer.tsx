import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { GroupId } from "@/ipc/generated/GroupId";
import { useTransferTargets } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { AreaField, ChoiceField } from "@/kit/FormField";

const MAX_NOTE = 500;

type Props = {
  ids: readonly ConversationId[];
  onSend: (group: GroupId, note: string) => void;
  onClose: () => void;
};

/** To which group all ticked rows go, with what whoever takes one should know. */
export const BulkTransfer: FC<Props> = ({ ids, onSend, onClose }) => {
  const { t } = useTranslation();
  const { data } = useTransferTargets(ids[0] ?? "");
  const groups = data?.groups ?? [];
  const [chosen, setChosen] = useState("");
  const [note, setNote] = useState("");
  const group = groups.find(({ id }) => id === chosen);
  const hint = (n: number) => (n > 0 ? t("routing.nOnline", { n }) : t("routing.noneOnline"));
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("bulk.transferTitle", { n: ids.length })}
      testId="bulk-transferring"
      foot={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button
            look="primary"
            disabled={!group}
            onClick={() => group && onSend(group.id, note)}
            data-testid="bulk-transfer-send"
          >
            {t("routing.transfer")}
          </Button>
        </>
      }
    >
      <ChoiceField
        label={t("routing.groups")}
        value={chosen}
        items={[
          ...(group ? [] : [{ id: "", label: t("bulk.pickGroup") }]),
          ...groups.map(({ id, name, n_online }) => ({
            id,
            label: `${name}${t("app.comma")}${hint(n_online)}`,
          })),
        ]}
        onChoose={setChosen}
        data-testid="bulk-group"
      />
      <AreaField
        label={t("routing.note")}
        rows={3}
        maxLength={MAX_NOTE}
        value={note}
        placeholder={t("routing.noteHint")}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-testid="bulk-transfer-note"
      />
    </Dialog>
  );
};

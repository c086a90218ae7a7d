import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { GroupId } from "@/ipc/generated/GroupId";
import { useTransferTargets } from "@/ipc/queries";
import { ChoiceField } from "@/kit/FormField";
import { onlineText, TransferForm } from "../routing/TransferForm";

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
  const group = groups.find(({ id }) => id === chosen);
  return (
    <TransferForm
      title={t("bulk.transferTitle", { n: ids.length })}
      ready={group !== undefined}
      onSend={(note) => group && onSend(group.id, note)}
      onClose={onClose}
      testId="bulk-transfer"
    >
      <ChoiceField
        label={t("routing.groups")}
        value={chosen}
        items={[
          ...(group ? [] : [{ id: "", label: t("bulk.pickGroup") }]),
          ...groups.map(({ id, name, n_online }) => ({
            id,
            label: `${name}${t("app.comma")}${onlineText(t, n_online)}`,
          })),
        ]}
        onChoose={setChosen}
        data-testid="bulk-group"
      />
    </TransferForm>
  );
};

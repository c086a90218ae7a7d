import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { Segments } from "@/kit/Tabs";
import { useComposing } from "./store";

/** To the customer, or to colleagues. */
export const ModeSwitch: FC<{ id: ConversationId; note: boolean }> = ({ id, note }) => {
  const { t } = useTranslation();
  const change = useComposing((composing) => composing.change);
  return (
    <span title={keyText("note")} data-testid="mode">
      <Segments
        label={t("note.mode")}
        value={note ? "note" : "reply"}
        onChange={(mode) => change(id, { note: mode === "note" })}
        items={[
          { id: "reply", label: t("note.reply") },
          { id: "note", label: t("note.note") },
        ]}
      />
    </span>
  );
};

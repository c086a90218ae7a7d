import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { Segments } from "@/kit/Tabs";
import { mayWhisper, useComposing } from "./store";

export type Mode = "reply" | "note" | "whisper";

/** To the customer, to all colleagues, or between a lead and the agent. */
export const ModeSwitch: FC<{ view: ConversationView; mode: Mode }> = ({ view, mode }) => {
  const { t } = useTranslation();
  const change = useComposing((composing) => composing.change);
  const whisper = mayWhisper(view) ? [{ id: "whisper" as const, label: t("whisper.whisper") }] : [];
  return (
    <span title={keyText(mode === "whisper" ? "whisper" : "note")} data-testid="mode">
      <Segments<Mode>
        label={t("note.mode")}
        value={mode}
        onChange={(next) =>
          change(view.row.id, { note: next === "note", whisper: next === "whisper" })
        }
        items={[
          { id: "reply", label: t("note.reply") },
          { id: "note", label: t("note.note") },
          ...whisper,
        ]}
      />
    </span>
  );
};

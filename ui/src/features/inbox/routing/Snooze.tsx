import { useQueryClient } from "@tanstack/react-query";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { Pick } from "@/kit/Pick";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import { saidFinal } from "@/parts/undo";
import { useDesk } from "../store";
import { snoozes } from "./snoozes";

/** Until when a conversation is set aside. */
export const Snooze: FC<{ view: ConversationView }> = ({ view }) => {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { routing, set } = useDesk();
  const { id } = view.row;
  if (routing !== "snooze") return null;
  const now = Date.now();
  const choices = snoozes(now);
  const when = (at: number) =>
    daysAgo(at, now) === 0 ? timeOfDay(at) : `${dateText(at, now, i18n.language)} ${timeOfDay(at)}`;
  const pick = async (name: string) => {
    const choice = choices.find((each) => each.name === name);
    if (!choice) return;
    try {
      const args = { conversation_id: id, until: choice.at };
      client.setQueryData(keys.conversation(id), await call("conversation.snooze", args));
      saidFinal(useDesk, "success", t("routing.snoozedUntil", { at: when(choice.at) }));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (
    <Pick
      open
      label={t("routing.snoozeUntil")}
      emptyText={t("routing.noSnooze")}
      items={choices.map(({ name, at }) => ({
        id: name,
        label: t(`routing.until.${name}`),
        hint: when(at),
      }))}
      onClose={() => set({ routing: null })}
      onPick={(name) => void pick(name)}
      testId="snooze-until"
    />
  );
};

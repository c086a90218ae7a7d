import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
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
import { Moment } from "./Moment";
import { snoozes } from "./snoozes";

/** Until when a conversation is set aside. */
export const Snooze: FC<{ view: ConversationView }> = ({ view }) => {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { routing, set } = useDesk();
  const { id } = view.row;
  const now = Date.now();
  const when = (at: number) =>
    daysAgo(at, now) === 0 ? timeOfDay(at) : `${dateText(at, now, i18n.language)} ${timeOfDay(at)}`;
  const [choosing, setChoosing] = useState(false);
  const until = async (at: number) => {
    try {
      const args = { conversation_id: id, until: at };
      client.setQueryData(keys.conversation(id), await call("conversation.snooze", args));
      saidFinal(useDesk, "success", t("routing.snoozedUntil", { at: when(at) }));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  if (choosing)
    return <Moment onPick={(at) => void until(at)} onClose={() => setChoosing(false)} />;
  if (routing !== "snooze") return null;
  const choices = snoozes(now);
  const pick = (name: string) => {
    const choice = choices.find((each) => each.name === name);
    if (choice) void until(choice.at);
    else setChoosing(true);
  };
  return (
    <Pick
      open
      label={t("routing.snoozeUntil")}
      emptyText={t("routing.noSnooze")}
      items={[
        ...choices.map(({ name, at }) => ({
          id: name,
          label: t(`routing.until.${name}`),
          hint: when(at),
        })),
        { id: "chosen", label: t("routing.until.chosen"), hint: t("routing.untilHint") },
      ]}
      onClose={() => set({ routing: null })}
      onPick={pick}
      testId="snooze-until"
    />
  );
};

import { type FC, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import { useColleaguesHere } from "@/ipc/events";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { Icon } from "@/kit/Icon";
import { useNow } from "@/lib/now";
import css from "./Conversation.module.css";

const TELL_EVERY_MS = 20_000;

/** Which colleagues look at the conversation or write in it; and tells them of this agent. */
export const Colleagues: FC<{ id: ConversationId; mine?: boolean }> = ({ id, mine = false }) => {
  const { t } = useTranslation();
  const now = useNow();
  const here = useColleaguesHere(({ seen }) => seen[id]);
  useEffect(() => {
    // A courtesy; nothing hangs on it.
    const tell = (conversation_id: ConversationId | null) =>
      void call("conversation.watch", { conversation_id }).catch(() => undefined);
    const look = () => document.visibilityState === "visible" && tell(id);
    look();
    const timer = setInterval(look, TELL_EVERY_MS);
    return () => {
      clearInterval(timer);
      tell(null);
    };
  }, [id]);
  const present = Object.entries(here ?? {}).filter(([, { until }]) => until > now);
  const writing = present.filter(([, { typing }]) => typing > now).map(([name]) => name);
  const rest = present.filter(([name]) => !writing.includes(name));
  // A lead who looks at what this agent has looks on.
  const isOn = (isLead: boolean) => mine && isLead;
  const leads = rest.filter(([, { isLead }]) => isOn(isLead)).map(([name]) => name);
  const looking = rest.filter(([, { isLead }]) => !isOn(isLead)).map(([name]) => name);
  const parts = [
    writing.length > 0 && t("conversation.colleagueTyping", { names: writing.join("、") }),
    leads.length > 0 && t("conversation.leadWatching", { names: leads.join("、") }),
    looking.length > 0 && t("conversation.colleagueViewing", { names: looking.join("、") }),
  ];
  if (present.length === 0) return null;
  return (
    <span className={css.colleagues} data-testid="colleagues">
      <Icon name={writing.length > 0 ? "edit" : "eye"} size={14} />
      {parts.filter((part) => part !== false).join(t("app.comma"))}
    </span>
  );
};

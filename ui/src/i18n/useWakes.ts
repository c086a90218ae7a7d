import { useTranslation } from "react-i18next";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";

/** Until when a conversation is set aside, in words: 延后到 14:30, with the day when it is not today. */
export function useWakes(): (at: number, now: number) => string {
  const { t, i18n } = useTranslation();
  return (at, now) => {
    const days = -daysAgo(at, now);
    const time = timeOfDay(at);
    if (days === 0) return t("list.wakes", { at: time });
    if (days === 1) return t("list.wakesTomorrow", { at: time });
    return t("list.wakes", { at: `${dateText(at, now, i18n.language)} ${time}` });
  };
}

import { useTranslation } from "react-i18next";
import { useNow } from "@/lib/now";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";

/** A moment in words: the time today, else the date with it. */
export function useWhen(): (at: number) => string {
  const { i18n } = useTranslation();
  const now = useNow();
  return (at) =>
    daysAgo(at, now) === 0 ? timeOfDay(at) : `${dateText(at, now, i18n.language)} ${timeOfDay(at)}`;
}

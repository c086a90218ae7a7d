import { useTranslation } from "react-i18next";
import { dateText, timeOfDay } from "@/lib/time";

/** How a moment is written here: day and time. */
export function useMoment(): (at: number) => string {
  const { i18n } = useTranslation();
  return (at) => `${dateText(at, Date.now(), i18n.language)} ${timeOfDay(at)}`;
}

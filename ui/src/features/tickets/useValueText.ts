import { useTranslation } from "react-i18next";
import type { TicketValue } from "@/ipc/generated/TicketValue";
import { useNow } from "@/lib/now";
import { dateText } from "@/lib/time";

/** A value of a form as it is read. */
export function useValueText(): (value: TicketValue) => string {
  const { t, i18n } = useTranslation();
  const now = useNow();
  return (value) => {
    switch (value.kind) {
      case "text":
      case "choice":
        return value.value;
      case "number":
        return value.value.toLocaleString(i18n.language);
      case "money":
        return `¥${(value.value / 100).toLocaleString(i18n.language, { minimumFractionDigits: 2 })}`;
      case "date":
        return dateText(value.value, now, i18n.language);
      case "choices":
        return value.value.join("、");
      case "yes":
        return t(value.value ? "ticket.yes" : "ticket.no");
    }
  };
}

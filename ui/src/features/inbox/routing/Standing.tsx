import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { useNow } from "@/lib/now";
import { dateText, daysAgo, span, timeOfDay } from "@/lib/time";

/** Where a conversation stands between people: offered, set aside, left out of hours. */
export const Standing: FC<{ view: ConversationView }> = ({ view }) => {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const { offer, snoozed_until, left_message } = view.routing;
  const text = (): string | null => {
    if (offer && offer.expires_at > now) {
      const left = span(offer.expires_at - now);
      const time = left.unit === "clock" ? left.text : "";
      return offer.is_me
        ? t("routing.offeredMe", { time })
        : t("routing.offeredTo", { name: offer.name, time });
    }
    if (snoozed_until !== null) {
      const today = daysAgo(snoozed_until, now) === 0;
      const day = today ? "" : `${dateText(snoozed_until, now, i18n.language)} `;
      return t("routing.snoozedUntil", { at: `${day}${timeOfDay(snoozed_until)}` });
    }
    return left_message ? t("routing.leftMessage") : null;
  };
  const words = text();
  return words === null ? null : (
    <span className="small muted one" data-testid="standing">
      {words}
    </span>
  );
};

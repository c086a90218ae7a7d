import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { useNow } from "@/lib/now";
import { dateText, daysAgo, span, timeOfDay } from "@/lib/time";
import css from "./Standing.module.css";

/** Where a conversation stands: offered, set aside, given back, left out of hours; and whether anybody is there now. */
export const Standing: FC<{ view: ConversationView }> = ({ view }) => {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const { offer, snoozed_until, left_message, returned } = view.routing;
  const moment = (at: number) => {
    const days = -daysAgo(at, now);
    if (days === 0) return timeOfDay(at);
    if (days === 1) return t("hours.tomorrow", { at: timeOfDay(at) });
    return `${dateText(at, now, i18n.language)} ${timeOfDay(at)}`;
  };
  const text = (): string | null => {
    if (offer && offer.expires_at > now) {
      const left = span(offer.expires_at - now);
      const time = left.unit === "clock" ? left.text : "";
      return offer.is_me
        ? t("routing.offeredMe", { time })
        : t("routing.offeredTo", { name: offer.name, time });
    }
    if (snoozed_until !== null) return t("routing.snoozedUntil", { at: moment(snoozed_until) });
    if (returned && view.row.handler.kind === "queue")
      return returned.is_me ? t("routing.returnedMe") : t("routing.returned", returned);
    return left_message ? t("routing.leftMessage") : null;
  };
  const words = text();
  const closed = view.hours && !view.hours.is_open ? view.hours : null;
  const opens = closed?.until ? moment(closed.until) : null;
  return (
    <>
      {words !== null && (
        <span className="small muted one" data-testid="standing">
          {words}
        </span>
      )}
      {closed && (
        <span className={cx("small warning", css.hours)} title={closed.name} data-testid="hours">
          <Icon name="clock" size={12} />
          {[
            closed.day ? t("hours.closedFor", { day: closed.day }) : t("hours.closed"),
            ...(opens ? [t("hours.opens", { at: opens })] : []),
          ].join(t("app.comma"))}
        </span>
      )}
    </>
  );
};

import { useTranslation } from "react-i18next";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From so many days on hours say nothing any more. */
const DAYS_ALONE = 10;

/** A length of time in the two largest units: `42 分`, `2 小时 5 分`, `1 天 3 小时`; long ones in days. */
export function useLength(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    const length = Math.max(0, ms);
    if (length < MINUTE) return t("ticket.span.less");
    if (length < HOUR) return t("ticket.span.min", { n: Math.floor(length / MINUTE) });
    if (length < DAY) {
      const h = Math.floor(length / HOUR);
      const m = Math.floor((length % HOUR) / MINUTE);
      return m === 0 ? t("ticket.span.hour", { n: h }) : t("ticket.span.hourMin", { h, m });
    }
    const d = Math.floor(length / DAY);
    const h = Math.floor((length % DAY) / HOUR);
    return h === 0 || d >= DAYS_ALONE
      ? t("ticket.span.day", { n: d })
      : t("ticket.span.dayHour", { d, h });
  };
}

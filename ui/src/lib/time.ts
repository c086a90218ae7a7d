const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time as a counting clock below an hour, in whole units above. */
export type Span = { unit: "clock"; text: string } | { unit: "hours" | "days"; n: number };

/** How long, never negative. */
export function span(ms: number): Span {
  const length = Math.max(0, ms);
  if (length >= DAY) return { unit: "days", n: Math.floor(length / DAY) };
  if (length >= HOUR) return { unit: "hours", n: Math.floor(length / HOUR) };
  const seconds = Math.floor((length % MINUTE) / SECOND);
  return {
    unit: "clock",
    text: `${Math.floor(length / MINUTE)}:${String(seconds).padStart(2, "0")}`,
  };
}

/** Local time of day, `10:42`. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/** Days between two moments by the local calendar, 0 for the same day. */
export function daysAgo(at: number, now: number): number {
  const from = new Date(at);
  const to = new Date(now);
  // Noon to noon, so that a change of summer time does not lose a day.
  const a = new Date(from.getFullYear(), from.getMonth(), from.getDate(), 12).getTime();
  const b = new Date(to.getFullYear(), to.getMonth(), to.getDate(), 12).getTime();
  return Math.round((b - a) / DAY);
}

/** A local date: `11 月 23 日`, with the year when it is not this one. */
export function dateText(at: number, now: number, locale: string): string {
  const date = new Date(at);
  const otherYear = date.getFullYear() !== new Date(now).getFullYear();
  if (locale === "zh-CN") {
    const day = `${date.getMonth() + 1} 月 ${date.getDate()} 日`;
    return otherYear ? `${date.getFullYear()} 年 ${day}` : day;
  }
  return new Intl.DateTimeFormat(locale, {
    month: "short",
    day: "numeric",
    ...(otherYear && { year: "numeric" }),
  }).format(date);
}

import type { TFunction } from "i18next";
import type { AlertView } from "@/ipc/generated/AlertView";
import type { Severity } from "@/ipc/generated/Severity";
import type { Unit } from "@/ipc/generated/Unit";
import type { IconName } from "@/kit/Icon";
import { timeOfDay } from "@/lib/time";

/** Never by colour alone: each severity has its own mark. */
export const SEVERITY_ICONS: Record<Severity, IconName> = {
  critical: "stop",
  warning: "warn",
  notice: "info",
};
export const SEVERITY_LOOKS = {
  critical: "danger",
  warning: "warning",
  notice: "accent",
} as const satisfies Record<Severity, string>;

/** Worse ones first. */
export const SEVERITIES = ["critical", "warning", "notice"] as const satisfies readonly Severity[];

/** How long an alert is silenced by one press. */
export const SILENCE_MIN = 30;

/** A level in words: `13.2%`, `53`, `1:52`. */
export function levelText(unit: Unit, level: number, locale: string): string {
  switch (unit) {
    case "basis_points":
      return `${(level / 100).toLocaleString(locale, { maximumFractionDigits: 2 })}%`;
    case "count":
      return level.toLocaleString(locale);
    case "seconds":
      return clock(level);
  }
}

/** Seconds as a clock: `0:38`, `1:02:05`. */
function clock(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = two(Math.floor(seconds % 60));
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** What the number is made of, in one sentence. */
export function whyText(t: TFunction, alert: AlertView, locale: string): string {
  const { measure, reading, window_min: min, limit, unit } = alert;
  const number = (n: number) => n.toLocaleString(locale);
  const text = t(`alerts.why.${measure}`, {
    min: number(min),
    n: number(reading.n),
    bad: number(reading.n_bad),
    level: levelText(unit, reading.level ?? alert.worst, locale),
    limit: levelText(unit, limit, locale),
  });
  return alert.group === "" ? text : t("alerts.ofGroup", { group: alert.group, text });
}

/** What comes up most, in one sentence; empty where that is not known. */
export function topicsText(t: TFunction, { about }: AlertView): string {
  const topics = about.topics.slice(0, 2).map((topic) => t("alerts.quoted", { text: topic }));
  return topics.length === 0 ? "" : t("alerts.topics", { topics: topics.join(t("alerts.and")) });
}

/** Who did what about it, or how it ended; empty while nobody did. */
export function stateText(t: TFunction, alert: AlertView, locale: string): string {
  const { acknowledged, silenced, silenced_until, resolved_at, reading, unit } = alert;
  const parts: string[] = [];
  if (acknowledged)
    parts.push(
      t("alerts.acknowledgedBy", { name: acknowledged.name, time: timeOfDay(acknowledged.at) }),
    );
  if (alert.state === "silenced" && silenced && silenced_until !== null)
    parts.push(t("alerts.silencedBy", { name: silenced.name, time: timeOfDay(silenced_until) }));
  if (resolved_at !== null)
    parts.push(
      reading.level === null
        ? t("alerts.over", { time: timeOfDay(resolved_at) })
        : t("alerts.overAt", {
            time: timeOfDay(resolved_at),
            level: levelText(unit, reading.level, locale),
          }),
    );
  return parts.join(t("app.comma"));
}

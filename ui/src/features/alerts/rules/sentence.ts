import type { TFunction } from "i18next";
import type { Audience } from "@/ipc/generated/Audience";
import type { NotifyChannel } from "@/ipc/generated/NotifyChannel";
import type { QuietHours } from "@/ipc/generated/QuietHours";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import type { Unit } from "@/ipc/generated/Unit";
import { levelText } from "../words";

/** Minutes after midnight as a time of day. */
export const minuteText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** Who is told, and how: `班组长（邮件、短信）`. */
function whom(t: TFunction, to: Audience, by: readonly NotifyChannel[]): string {
  const who = t(`alerts.audience.${to}`);
  if (by.length === 0) return who;
  const how = by.map((channel) => t(`alerts.channel.${channel}`)).join(t("alerts.listComma"));
  return t("alerts.whomBy", { who, how });
}

const quietText = (t: TFunction, quiet: QuietHours): string =>
  t(quiet.let_critical_through ? "alerts.say.quietBut" : "alerts.say.quiet", {
    from: minuteText(quiet.from),
    to: minuteText(quiet.to),
  });

/** When the number is bad, in words. */
export function conditionText(
  t: TFunction,
  { condition, measure }: Pick<RuleDraft, "condition" | "measure">,
  unit: Unit,
  locale: string,
): string {
  const name = t(`alerts.measure.${measure}`);
  switch (condition.kind) {
    case "above":
    case "below":
      return t(`alerts.say.${condition.kind}`, {
        name,
        limit: levelText(unit, condition.limit, locale),
      });
    case "absent":
      return t("alerts.say.absent", { name });
    case "change":
      return t(condition.direction === "up" ? "alerts.say.up" : "alerts.say.down", {
        name,
        percent: condition.by_percent,
        days: condition.days,
      });
  }
}

/** A rule as one would say it, one thought a sentence. */
export function sentences(
  t: TFunction,
  draft: RuleDraft,
  { unit, isGauge, group }: { unit: Unit; isGauge: boolean; group: string },
  locale: string,
): string[] {
  const { condition, window_min, min_count, for_min, severity, escalation, quiet } = draft;
  const out: string[] = [];
  const about = [
    group === "" ? t("alerts.say.all") : t("alerts.say.group", { group }),
    isGauge ? "" : t("alerts.say.window", { n: window_min }),
  ].filter((part) => part !== "");
  let first = `${about.join(t("app.comma"))}${t("app.comma")}${conditionText(t, draft, unit, locale)}`;
  if (!isGauge && min_count > 0 && condition.kind !== "absent")
    first += t("alerts.say.atLeast", { n: min_count });
  if (for_min > 0) first += t("alerts.say.lasting", { n: for_min });
  out.push(t("alerts.say.then", { when: first, severity: t(`alerts.severity.${severity}`) }));
  if (condition.kind === "above" || condition.kind === "below")
    out.push(
      t(`alerts.say.clear.${condition.kind}`, { level: levelText(unit, condition.clear, locale) }),
    );
  if (condition.kind === "change")
    out.push(t("alerts.say.clear.change", { percent: condition.clear_percent }));
  out.push(t("alerts.say.tells", { whom: whom(t, draft.to, draft.by) }));
  for (const step of escalation)
    out.push(t("alerts.say.step", { n: step.after_min, whom: whom(t, step.to, step.by) }));
  if (quiet) out.push(quietText(t, quiet));
  if (draft.rest_min > 0) out.push(t("alerts.say.rest", { n: draft.rest_min }));
  return out;
}

import type { TFunction } from "i18next";
import type { FormItem } from "@/ipc/generated/FormItem";
import type { QaFinding } from "@/ipc/generated/QaFinding";
import type { QaMark } from "@/ipc/generated/QaMark";
import type { QaSum } from "@/ipc/generated/QaSum";
import type { QaVerdict } from "@/ipc/generated/QaVerdict";
import type { SampleReason } from "@/ipc/generated/SampleReason";

/** Tenths of a point as points: `92.5`. */
export const scoreText = (tenths: number): string => (tenths / 10).toFixed(1);

/** What there is none of. */
const NONE = "—";

/** A share in percent: `92.5%`; a dash where there is nothing to take a share of. */
export const shareText = (part: number, of: number): string =>
  of === 0 ? NONE : `${((part / of) * 100).toFixed(1)}%`;

/** A mean score; a dash where nothing was scored. */
export const meanText = ({ mean_tenths }: QaSum): string =>
  mean_tenths === null ? NONE : scoreText(mean_tenths);

/** The share that passed. */
export const passedText = ({ n, n_passed }: QaSum): string => shareText(n_passed, n);

/** A difference of scores with its sign, by a real minus: `+2.0`, `−5.0`, `0.0`. */
export function apartText(tenths: number): string {
  const sign = tenths > 0 ? "+" : tenths < 0 ? "−" : "";
  return `${sign}${scoreText(Math.abs(tenths))}`;
}

/** Points with their sign. */
export const pointsApart = (points: number): string =>
  points > 0 ? `+${points}` : points < 0 ? `−${-points}` : "0";

export const VERDICT_TONES = {
  passed: "success",
  failed: "warning",
  vetoed: "danger",
} as const satisfies Record<QaVerdict, string>;

/** What is to be known of a form or a rule beside its name. */
export const marksOf = (
  t: TFunction,
  known: { draft: { enabled: boolean }; is_pending: boolean },
): { label: string; tone?: "warning" }[] => [
  ...(known.draft.enabled ? [] : [{ label: t("quality.off") }]),
  ...(known.is_pending ? [{ label: t("quality.pending"), tone: "warning" as const }] : []),
];

/** Why a conversation was sampled, in a few words. */
export function reasonText(
  t: TFunction,
  { why, name }: Pick<SampleReason, "why" | "name">,
): string {
  switch (why.kind) {
    case "random":
      return t("quality.why.random");
    case "low_mark":
      return t("quality.why.lowMark", { n: why.mark });
    case "long":
      return t("quality.why.long", { messages: why.messages, minutes: why.minutes });
    case "word":
      return t("quality.why.word", { word: why.word });
    case "picked":
      return t("quality.why.picked", { name });
  }
}

/** Seconds that somebody waited: `3 分 25 秒`. */
function waitText(t: TFunction, seconds: number): string {
  const min = Math.floor(seconds / 60);
  const s = seconds % 60;
  if (min === 0) return t("quality.wait.seconds", { s });
  return s === 0 ? t("quality.wait.minutes", { min }) : t("quality.wait.both", { min, s });
}

/** What the machine found wrong. */
export function findingText(t: TFunction, { what }: Pick<QaFinding, "what">): string {
  switch (what.kind) {
    case "no_greeting":
      return t("quality.found.noGreeting");
    case "no_closing":
      return t("quality.found.noClosing");
    case "late":
      return t("quality.found.late", { wait: waitText(t, what.waited_s) });
    case "word":
      return t("quality.found.word", { word: what.word });
  }
}

/** A mark in words: `8 / 10`, `不适用`, `触犯`. */
export function markText(t: TFunction, { kind }: Pick<FormItem, "kind">, mark: QaMark): string {
  switch (mark.kind) {
    case "points":
      return kind.kind === "points" ? `${mark.points} / ${kind.weight}` : String(mark.points);
    case "not_applicable":
      return t("quality.notApplicable");
    case "veto":
      return t(mark.hit ? "quality.hit" : "quality.notHit");
  }
}

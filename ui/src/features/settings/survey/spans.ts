import type { SurveySettings } from "@/ipc/generated/SurveySettings";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What can be chosen, in ms; each within what the server takes. */
export const DELAYS = [0, 10_000, MINUTE, 10 * MINUTE, HOUR, DAY] as const;
export const REMINDERS = [DAY, HOUR, 4 * HOUR, 2 * DAY, 3 * DAY] as const;
export const AGAIN = [DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY] as const;
/** Longest wording, in characters. */
export const MAX_QUESTION = 80;

/** A source of which nothing was ever set. */
export const off: SurveySettings = {
  on: false,
  question: "",
  question_en: "",
  delay_ms: 10_000,
  remind_after_ms: DAY,
  again_after_ms: 7 * DAY,
};

/** What can be chosen, in order, and what is set if that is something else. */
export const withOther = (known: readonly number[], current: number): number[] =>
  [...new Set([...known, current])].sort((a, b) => a - b);

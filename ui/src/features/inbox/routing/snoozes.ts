const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** As far as the server takes it. */
const FURTHEST = 90 * 24 * HOUR;

/** A moment to set a conversation aside until. */
export type Choice = {
  name: "halfHour" | "hour" | "threeHours" | "evening" | "tomorrow" | "monday";
  at: number;
};

/** The moments that make sense now, the nearest first. Days are those of this desk. */
export function snoozes(now: number): Choice[] {
  const at = (days: number, hour: number) => {
    const date = new Date(now);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hour).getTime();
  };
  // 0 is Sunday: from any day to the Monday after it.
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  const choices: Choice[] = [
    { name: "halfHour", at: now + 30 * MINUTE },
    { name: "hour", at: now + HOUR },
    { name: "threeHours", at: now + 3 * HOUR },
    { name: "evening", at: at(0, 18) },
    { name: "tomorrow", at: at(1, 9) },
    { name: "monday", at: at(toMonday, 9) },
  ];
  const useful = choices.filter(
    ({ name, at: moment }) =>
      (name !== "evening" || moment - now > 30 * MINUTE) && (name !== "monday" || toMonday > 1),
  );
  return useful.sort((a, b) => a.at - b.at);
}

/** The last moment that may be chosen. */
export const furthest = (now: number): number => now + FURTHEST;

/** Nine o'clock of the next day at this desk. */
export function nextMorning(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1, 9).getTime();
}

/** A moment as a field for day and time has it: by the clock of this desk, to the minute. */
export function fieldText(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

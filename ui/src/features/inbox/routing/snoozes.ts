const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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

import type { Holiday } from "@/ipc/generated/Holiday";
import type { Period } from "@/ipc/generated/Period";
import type { Skill } from "@/ipc/generated/Skill";
import type { Workday } from "@/ipc/generated/Workday";

const DAY_MINUTES = 1_440;
const two = (n: number) => String(n).padStart(2, "0");
const time = (minutes: number) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

/** `09:00-12:00 13:00-18:00` */
export const periodsText = (periods: readonly Period[]): string =>
  periods.map(({ from, to }) => `${time(from)}-${time(to)}`).join(" ");

/** Reads what `periodsText` writes, with other signs between too. Null when it makes no sense. */
export function readPeriods(text: string): Period[] | null {
  const parts = text.split(/[\s,，、;；]+/).filter((part) => part !== "");
  const periods: Period[] = [];
  for (const part of parts) {
    const found = /^(\d{1,2})[:：](\d{2})[-–~～至](\d{1,2})[:：](\d{2})$/.exec(part);
    if (!found) return null;
    const [, fromHour, fromMinute, toHour, toMinute] = found.map(Number);
    const from = (fromHour ?? 0) * 60 + (fromMinute ?? 0);
    const to = (toHour ?? 0) * 60 + (toMinute ?? 0);
    const before = periods.at(-1);
    if (from >= to || to > DAY_MINUTES || (before && before.to > from)) return null;
    periods.push({ from, to });
  }
  return periods;
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Whether there is such a day. */
function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** One day off a line: `2026-10-01 国庆节`. */
export const holidaysText = (holidays: readonly Holiday[]): string =>
  holidays.map(({ day, name }) => `${day} ${name}`.trim()).join("\n");

export function readHolidays(text: string): Holiday[] | null {
  const read = lines(text).map((line) => {
    const [day = "", ...name] = line.split(/\s+/);
    return { day, name: name.join(" ") };
  });
  return read.every(({ day }) => isDay(day)) ? read : null;
}

/** One day worked in exchange a line: `2026-10-10 09:00-18:00 国庆节调休`. */
export const workdaysText = (workdays: readonly Workday[]): string =>
  workdays
    .map(({ day, name, periods }) => `${day} ${periodsText(periods)} ${name}`.trim())
    .join("\n");

export function readWorkdays(text: string): Workday[] | null {
  const workdays: Workday[] = [];
  for (const line of lines(text)) {
    const [day = "", ...rest] = line.split(/\s+/);
    const times = rest.filter((part) => /^\d/.test(part));
    const periods = readPeriods(times.join(" "));
    if (!isDay(day) || !periods || periods.length === 0) return null;
    workdays.push({ day, periods, name: rest.filter((part) => !/^\d/.test(part)).join(" ") });
  }
  return workdays;
}

/** `售后 80，投诉 60` */
export const skillsText = (skills: readonly Skill[]): string =>
  skills.map(({ name, level }) => `${name} ${level}`).join("，");

export function readSkills(text: string): Skill[] | null {
  const parts = text
    .split(/[,，、;；]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const skills: Skill[] = [];
  for (const part of parts) {
    const found = /^(.{1,64}?)\s*[ =：:]\s*(\d{1,3})$/.exec(part);
    const level = Number(found?.[2]);
    if (!found?.[1] || level > 100) return null;
    skills.push({ name: found[1].trim(), level });
  }
  return skills;
}

import type { Grain } from "@/ipc/generated/Grain";
import type { MetricsSlice } from "@/ipc/generated/MetricsSlice";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const PERIODS = ["today", "yesterday", "week", "month", "year", "own"] as const;
export type PeriodId = (typeof PERIODS)[number];

/** Two days of the calendar, both within, as `2026-11-23`. */
export type Own = { from: string; to: string };

/** A stretch of time, the one that it is compared with, and how it may be cut. */
export type Period = {
  from: number;
  to: number;
  compareFrom: number;
  grains: readonly Grain[];
};

/** Hours are kept for so long. */
export const HOURS_KEPT = 90 * DAY;
/** They are kept of all and of channels only. */
export const hasHours = ({ dim }: MetricsSlice): boolean => dim === "channel";
/** Points that a chart can still be read with. */
const MOST_HOURS = 31 * DAY;
const MOST_DAYS = 400 * DAY;
const FEWEST_MONTHS = 59 * DAY;

/** The begin of a day by a clock so many minutes ahead of UTC. */
const dayOf = (at: number, offset: number): number =>
  Math.floor((at + offset * MINUTE) / DAY) * DAY - offset * MINUTE;

/** The begin of a month, `back` months before that of `at`. */
function monthOf(at: number, offset: number, back: number): number {
  const there = new Date(at + offset * MINUTE);
  return Date.UTC(there.getUTCFullYear(), there.getUTCMonth() - back, 1) - offset * MINUTE;
}

/** A day of the calendar as a time; none for what is no day. */
export function dayAt(text: string, offset: number): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? null : at - offset * MINUTE;
}

/** The day of a time, as a date field has it. */
export const dayText = (at: number, offset: number): string =>
  new Date(at + offset * MINUTE).toISOString().slice(0, 10);

/** Into which widths a stretch may be cut, the best one first. */
function grainsOf(from: number, to: number, now: number): Grain[] {
  const length = to - from;
  const grains: Grain[] = [];
  if (length <= MOST_HOURS && now - from <= HOURS_KEPT) grains.push("hour");
  if (length > DAY && length <= MOST_DAYS) grains.push("day");
  if (length >= FEWEST_MONTHS) grains.push("month");
  if (grains.length === 0) grains.push(length > MOST_DAYS ? "month" : "day");
  const best = length <= 2 * DAY ? "hour" : length <= 186 * DAY ? "day" : "month";
  return grains.sort((a, b) => Number(b === best) - Number(a === best));
}

/**
 * What a choice of period means now, by the organisation's clock. Today ends with the hour that runs,
 * so that it is compared with as much of yesterday.
 */
export function periodOf(id: PeriodId, own: Own, now: number, offset: number): Period {
  const today = dayOf(now, offset);
  const tomorrow = today + DAY;
  const made = (from: number, to: number, compareFrom = from - (to - from)): Period => ({
    from,
    to,
    compareFrom,
    grains: grainsOf(from, to, now),
  });
  switch (id) {
    case "today": {
      const to = Math.min(tomorrow, (Math.floor(now / HOUR) + 1) * HOUR);
      return made(today, to, today - DAY);
    }
    case "yesterday":
      return made(today - DAY, today);
    case "week":
      return made(tomorrow - 7 * DAY, tomorrow);
    case "month":
      return made(tomorrow - 30 * DAY, tomorrow);
    case "year":
      return made(monthOf(now, offset, 11), tomorrow, monthOf(now, offset, 23));
    case "own": {
      const from = dayAt(own.from, offset) ?? today;
      const last = dayAt(own.to, offset) ?? today;
      return made(Math.min(from, last), Math.max(from, last) + DAY);
    }
  }
}

const two = (n: number) => String(n).padStart(2, "0");

/** Where a point stands, shortly; each of a series differently. */
export function pointText(at: number, grain: Grain, offset: number, oneDay: boolean): string {
  const there = new Date(at + offset * MINUTE);
  const day = `${two(there.getUTCMonth() + 1)}-${two(there.getUTCDate())}`;
  switch (grain) {
    case "hour": {
      const time = `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`;
      return oneDay ? time : `${day} ${time}`;
    }
    case "day":
      return day;
    case "month":
      return `${there.getUTCFullYear()}-${two(there.getUTCMonth() + 1)}`;
  }
}

/** Where the point ends that begins at `at`. */
export function pointEnd(at: number, grain: Grain, offset: number): number {
  switch (grain) {
    case "hour":
      return at + HOUR;
    case "day":
      return at + DAY;
    case "month":
      return monthOf(at, offset, -1);
  }
}

/** `2026-11-26 10:42` by the organisation's clock. */
export const stampText = (at: number, offset: number): string => {
  const there = new Date(at + offset * MINUTE);
  return `${dayText(at, offset)} ${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`;
};

/** `10:42` today, the day before it else. */
export const asOfText = (at: number, now: number, offset: number): string => {
  const full = stampText(at, offset);
  return dayOf(at, offset) === dayOf(now, offset) ? full.slice(11) : full.slice(5);
};

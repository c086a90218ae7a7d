import { describe, expect, it } from "vitest";
import { dateText, daysAgo, span, timeOfDay } from "./time";

const at = (year: number, month: number, day: number, hour = 0, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).getTime();

describe("span", () => {
  it.each([
    [0, "0:00"],
    [-5_000, "0:00"],
    [59_999, "0:59"],
    [134_000, "2:14"],
    [3_599_000, "59:59"],
  ])("%i ms counts as %s", (ms, text) => expect(span(ms)).toEqual({ unit: "clock", text }));
  it("gives whole hours and days above an hour", () => {
    expect(span(3_600_000)).toEqual({ unit: "hours", n: 1 });
    expect(span(23.9 * 3_600_000)).toEqual({ unit: "hours", n: 23 });
    expect(span(49 * 3_600_000)).toEqual({ unit: "days", n: 2 });
  });
});

describe("days", () => {
  it("goes by the calendar, not by 24 hours", () => {
    expect(daysAgo(at(2026, 11, 22, 23, 59), at(2026, 11, 23, 0, 1))).toBe(1);
    expect(daysAgo(at(2026, 11, 23, 0, 1), at(2026, 11, 23, 23, 59))).toBe(0);
    expect(daysAgo(at(2025, 12, 31), at(2026, 1, 1))).toBe(1);
  });
  it("names the year only when it is another", () => {
    const now = at(2026, 11, 23);
    expect(dateText(at(2026, 3, 1), now, "zh-CN")).toBe("3 月 1 日");
    expect(dateText(at(2025, 12, 31), now, "zh-CN")).toBe("2025 年 12 月 31 日");
    expect(dateText(at(2026, 11, 23), now, "en")).toBe("Nov 23");
  });
  it("shows two digits of the clock", () => expect(timeOfDay(at(2026, 1, 2, 9, 5))).toBe("09:05"));
});

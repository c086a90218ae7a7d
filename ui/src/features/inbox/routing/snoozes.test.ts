import { describe, expect, it } from "vitest";
import { snoozes } from "./snoozes";

const names = (now: Date) => snoozes(now.getTime()).map(({ name }) => name);

describe("snoozes", () => {
  it("come nearest first, on a Thursday morning", () =>
    expect(names(new Date(2026, 10, 26, 10, 0))).toEqual([
      "halfHour",
      "hour",
      "threeHours",
      "evening",
      "tomorrow",
      "monday",
    ]));
  it("leave out an evening that is near or over", () => {
    expect(names(new Date(2026, 10, 26, 17, 40))).not.toContain("evening");
    expect(names(new Date(2026, 10, 26, 19, 0))).not.toContain("evening");
  });
  it("leave out a Monday that is tomorrow", () =>
    expect(names(new Date(2026, 10, 29, 10, 0))).not.toContain("monday"));
  it("go to the next Monday, also on a Monday", () => {
    for (const day of [23, 24, 26, 28]) {
      const now = new Date(2026, 10, day, 10, 0);
      const monday = snoozes(now.getTime()).find(({ name }) => name === "monday");
      expect(new Date(monday?.at ?? 0).toDateString()).toBe(new Date(2026, 10, 30).toDateString());
    }
  });
  it("are all to come", () => {
    for (let hour = 0; hour < 24 * 7; hour += 1) {
      const now = new Date(2026, 10, 23, hour, 17).getTime();
      for (const { at } of snoozes(now)) expect(at).toBeGreaterThan(now);
    }
  });
});

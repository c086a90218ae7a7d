import i18next from "i18next";
import { describe, expect, it } from "vitest";
import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import { boundsOf, isBeyond } from "./limits";
import { clockStep, clockText, differenceText, growthText, shareText, valueText } from "./numbers";
import { dayAt, periodOf, pointEnd, pointText } from "./period";

const share = (part: number, whole: number) => ({ kind: "share" as const, part, whole });
const time = (ms: number | null) => ({ kind: "time" as const, ms, of: 1 });
const count = (n: number) => ({ kind: "count" as const, n });

describe("a number in words", () => {
  it.each([
    [0.9143, "91.4%"],
    [1, "100%"],
    [0, "0.0%"],
    [0.99996, "99.9%"],
    [0.0001, "0.1%"],
  ])("%d is %s", (value, text) => expect(shareText(value)).toBe(text));
  it.each([
    [38_000, "0:38"],
    [112_400, "1:52"],
    [3_920_000, "1:05:20"],
    [59_600, "1:00"],
  ])("%d ms are %s", (ms, text) => expect(clockText(ms)).toBe(text));
  it.each([
    [2_000, 5_000],
    [25_000, 5_000],
    [180_000, 60_000],
    [40_000_000, 10_800_000],
  ])("a scale up to %d ms has steps of %d", (most, step) => expect(clockStep(most)).toBe(step));
  it("says nothing of none", () => {
    expect(valueText(share(0, 0))).toBe("–");
    expect(valueText(time(null))).toBe("–");
    expect(valueText(undefined)).toBe("–");
    expect(valueText(count(0))).toBe("0");
  });
});

describe("the change of a number", () => {
  const change = (
    ...pair: Parameters<typeof differenceText> extends [unknown, ...infer R] ? R : []
  ) => differenceText(i18next.t, ...pair);
  it("is in points, in time or in percent, with a real minus", () => {
    expect(change(share(914, 1_000), share(908, 1_000))).toBe("+0.6 个点");
    expect(change(share(908, 1_000), share(914, 1_000))).toBe("−0.6 个点");
    expect(change(time(35_000), time(38_000))).toBe("−0:03");
    expect(change(count(97), count(100))).toBe("−3%");
    expect(change(count(100), count(100))).toBe("±0%");
  });
  it("is unknown where one of them is", () => {
    expect(change(share(1, 2), null)).toBe("");
    expect(change(share(1, 2), share(0, 0))).toBe("");
  });
  it("of nothing is an amount", () => {
    expect(growthText(12, 0)).toBe("+12");
    expect(growthText(0, 0)).toBe("±0");
  });
});

describe("periods", () => {
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;
  /** 2026-11-26 10:42 in China. */
  const NOW = Date.UTC(2026, 10, 26, 2, 42);
  const of = (id: Parameters<typeof periodOf>[0], own = { from: "", to: "" }) =>
    periodOf(id, own, NOW, 480);
  it("today ends with the hour that runs, and is compared with as much of yesterday", () => {
    const { from, to, compareFrom, grains } = of("today");
    expect(from).toBe(Date.UTC(2026, 10, 25, 16));
    expect(to - from).toBe(11 * HOUR);
    expect(from - compareFrom).toBe(DAY);
    expect(grains).toEqual(["hour"]);
  });
  it("weeks end with today and are compared with the week before", () => {
    const { from, to, compareFrom, grains } = of("week");
    expect(to).toBe(Date.UTC(2026, 10, 26, 16));
    expect(to - from).toBe(7 * DAY);
    expect(from - compareFrom).toBe(7 * DAY);
    expect(grains).toEqual(["day", "hour"]);
  });
  it("a year begins with a month and is shown by months", () => {
    const { from, compareFrom, grains } = of("year");
    expect(from).toBe(Date.UTC(2025, 10, 30, 16));
    expect(compareFrom).toBe(Date.UTC(2024, 10, 30, 16));
    expect(grains).toEqual(["month", "day"]);
  });
  it("own days may be given in any order, and need not be days", () => {
    const { from, to } = of("own", { from: "2026-11-10", to: "2026-11-08" });
    expect(from).toBe(dayAt("2026-11-08", 480));
    expect(to).toBe(dayAt("2026-11-11", 480));
    const { from: today } = of("own", { from: "x", to: "" });
    expect(today).toBe(of("today").from);
  });
  it("offers no hours that are not kept any more", () =>
    expect(of("own", { from: "2026-05-01", to: "2026-05-02" }).grains).toEqual(["day"]));
  it("names each point and knows its end", () => {
    const at = Date.UTC(2026, 10, 25, 16);
    expect(pointText(at, "hour", 480, true)).toBe("00:00");
    expect(pointText(at, "hour", 480, false)).toBe("11-26 00:00");
    expect(pointText(at, "day", 480, false)).toBe("11-26");
    const december = Date.UTC(2026, 10, 30, 16);
    expect(pointText(december, "month", 480, false)).toBe("2026-12");
    expect(pointEnd(december, "month", 480)).toBe(Date.UTC(2026, 11, 31, 16));
  });
});

describe("limits of rules", () => {
  const rule = (change: object, group: string | null = null, enabled = true) =>
    ({ draft: { enabled, group_id: group, min_count: 20, ...change } }) as AlertRuleView;
  const above = (limit: number) => ({ condition: { kind: "above", limit, clear: limit } });
  it("are in the units of the numbers, the strictest of those in force", () => {
    const rules = [
      rule({ measure: "response_failure", ...above(1_000) }),
      rule({ measure: "response_failure", ...above(500) }, "g1"),
      rule({ measure: "response_failure", ...above(10) }, null, false),
      rule({ measure: "first_response", ...above(90) }),
      rule({ measure: "satisfaction", condition: { kind: "below", limit: 9_000, clear: 9_200 } }),
      rule({ measure: "backlog", condition: { kind: "absent" } }),
    ];
    expect(boundsOf(rules, null)).toEqual({
      failure: { value: 0.1, isAbove: true, least: 20 },
      first_response_p90: { value: 90_000, isAbove: true, least: 20 },
      satisfaction: { value: 0.9, isAbove: false, least: 20 },
    });
    expect(boundsOf(rules, "g1").failure?.value).toBe(0.05);
    expect(boundsOf(rules, "g2").failure?.value).toBe(0.1);
  });
  it("are passed one way, by enough", () => {
    const most = { value: 0.1, isAbove: true, least: 20 };
    expect(isBeyond(share(11, 100), most)).toBe(true);
    expect(isBeyond(share(10, 100), most)).toBe(false);
    expect(isBeyond(share(2, 18), most)).toBe(false);
    expect(isBeyond(share(89, 100), { ...most, value: 0.9, isAbove: false })).toBe(true);
    expect(isBeyond(share(0, 0), most)).toBe(false);
    expect(isBeyond(count(51), { value: 50, isAbove: true, least: 100 })).toBe(true);
    expect(isBeyond(share(1, 2), undefined)).toBe(false);
  });
});

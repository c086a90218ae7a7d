import { describe, expect, it } from "vitest";
import { optionOf } from "./option";
import { gridOf, isBlank, type LinesSpec, type Spec } from "./spec";
import { readTokens } from "./tokens";

const tokens = {
  ...readTokens(),
  first: "#111",
  second: "#222",
  limit: "#c00",
  digits: 11,
  words: 12,
};
const lines: LinesSpec = {
  kind: "lines",
  labels: ["07:00", "08:00", "09:00"],
  series: [
    { name: "今天", look: "first", values: [0.04, null, 0.1] },
    { name: "昨天", look: "before", values: [0.05, 0.06, null] },
  ],
  limit: { name: "阈值", value: 0.08 },
  format: (value) => `${value * 100}%`,
};
const ranks: Spec = {
  kind: "ranks",
  rows: [{ key: "a", label: "查物流", value: 12, note: "+6%" }],
  valueName: "会话",
  noteName: "较昨天",
  format: String,
};
const heat: Spec = {
  kind: "heat",
  columns: ["0", "1"],
  rows: ["周一"],
  values: [[3, null]],
  format: String,
};
/** What ECharts would be given, as far as the tests look at it. */
type Option = {
  animation: boolean;
  tooltip: { renderMode: string; formatter: (hit: unknown) => string };
  series: { name?: string; data: unknown[]; lineStyle?: { color: string } }[];
  yAxis: { max?: number; interval?: number };
};
const drawn = (spec: Spec) => optionOf(spec, tokens) as Option;

describe("what is drawn", () => {
  it("draws no tip of elements, which the page's policy would not style", () => {
    for (const spec of [lines, ranks, heat])
      expect(drawn(spec).tooltip.renderMode).toBe("richText");
  });
  it("moves nothing by itself", () => expect(drawn(lines).animation).toBe(false));
  it("keeps gaps, and lets the last value stand out", () => {
    const now = drawn(lines).series.find(({ name }) => name === "今天");
    expect(now?.data[1]).toBeNull();
    expect(now?.data[2]).toMatchObject({ value: 0.1, symbol: "circle" });
    expect(now?.lineStyle?.color).toBe("#111");
  });
  it("draws the limit as wide as the chart, in its own colour", () => {
    const limit = drawn(lines).series.find(({ name }) => name === "阈值");
    expect(limit?.data).toEqual([0.08, 0.08, 0.08]);
    expect(limit?.lineStyle?.color).toBe("#c00");
  });
  it("ends a scale of shares at the whole, and steps a scale of time as asked", () => {
    const near = { ...lines, series: [{ name: "x", look: "first" as const, values: [0.97] }] };
    expect(drawn({ ...near, most: 1 }).yAxis).toMatchObject({ max: 1, interval: 0.25 });
    expect(drawn({ ...lines, most: 1 }).yAxis.max).toBeUndefined();
    const { limit: _, ...free } = lines;
    const time = { ...free, series: [{ name: "x", look: "first" as const, values: [95_000] }] };
    expect(drawn({ ...time, step: 30_000 }).yAxis).toMatchObject({
      interval: 30_000,
      max: 120_000,
    });
  });
  it("says in the tip what the table says", () => {
    expect(drawn(lines).tooltip.formatter([{ dataIndex: 1 }])).toBe("08:00\n今天  –\n昨天  6%");
    expect(drawn(ranks).tooltip.formatter({ dataIndex: 0 })).toBe("查物流\n12  +6%");
    expect(drawn(heat).tooltip.formatter({ value: [0, 0, 3] })).toBe("周一 0\n3");
  });
});

describe("the table behind a chart", () => {
  it("has every value, and says where there is none", () => {
    expect(gridOf(lines, "时间")).toEqual({
      heads: ["时间", "今天", "昨天"],
      lines: [
        ["07:00", "4%", "5%"],
        ["08:00", "–", "6%"],
        ["09:00", "10%", "–"],
      ],
    });
    expect(gridOf(ranks, "问题").lines).toEqual([["查物流", "12", "+6%"]]);
    expect(gridOf(heat, "星期").lines).toEqual([["周一", "3", "–"]]);
  });
  it("is not made of nothing", () => {
    expect(isBlank(lines)).toBe(false);
    expect(isBlank({ ...lines, series: [{ name: "x", look: "first", values: [null] }] })).toBe(
      true,
    );
    expect(isBlank({ ...heat, values: [[0, null]] } as Spec)).toBe(true);
    expect(isBlank({ ...ranks, rows: [] } as Spec)).toBe(true);
  });
});

it("loads the library where the prototype of all objects is frozen", async () => {
  await import("./frozen");
  const { default: GlobalModel } = await import("echarts/lib/model/Global.js");
  const { default: ExtensionAPI } = await import("echarts/lib/core/ExtensionAPI.js");
  const named = ({ prototype }: { prototype: object }) => {
    const names: string[] = [];
    for (const name in prototype) names.push(name);
    return names;
  };
  expect(named(GlobalModel)).toContain("eachSeries");
  expect(named(GlobalModel)).not.toContain("constructor");
  expect(named(ExtensionAPI)).not.toContain("constructor");
});

import type { EChartsCoreOption } from "echarts/core";
import type { BarsSpec, HeatSpec, LinesSpec, RanksSpec, Series, Spec } from "./spec";
import type { ChartTokens } from "./tokens";

/** Room for a value at the end of a line. */
const END_PX = 44;
const NOTE_PX = 64;
const NAME_PX = 144;
/** A part of the whole from which on the whole is shown. */
const NEAR = 0.6;

/** The option of ECharts for what is to be drawn. Nothing in it makes an element or a style. */
export function optionOf(spec: Spec, tokens: ChartTokens): EChartsCoreOption {
  return {
    // New numbers come every few seconds: nothing slides in by itself.
    animation: false,
    textStyle: { fontFamily: tokens.font, fontSize: tokens.digits, color: tokens.muted },
    backgroundColor: "transparent",
    ...partsOf(spec, tokens),
  };
}

function partsOf(spec: Spec, tokens: ChartTokens): EChartsCoreOption {
  switch (spec.kind) {
    case "lines":
      return lines(spec, tokens);
    case "bars":
      return bars(spec, tokens);
    case "ranks":
      return ranks(spec, tokens);
    case "heat":
      return heat(spec, tokens);
  }
}

const digits = (tokens: ChartTokens) => ({
  color: tokens.muted,
  fontSize: tokens.digits,
  fontFamily: tokens.font,
});

/** The tip is drawn, not made of elements: the page's policy allows no style attributes. */
function tip(tokens: ChartTokens) {
  return {
    renderMode: "richText",
    confine: true,
    transitionDuration: 0,
    backgroundColor: tokens.raised,
    borderColor: tokens.line,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: {
      color: tokens.text,
      fontSize: tokens.words,
      fontFamily: tokens.font,
      lineHeight: 18,
    },
  };
}

const time = (labels: readonly string[], tokens: ChartTokens, boundaryGap: boolean) => ({
  type: "category",
  data: labels,
  boundaryGap,
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { ...digits(tokens), hideOverlap: true, margin: 10 },
});

const scale = (tokens: ChartTokens, tick: (value: number) => string) => ({
  type: "value",
  min: 0,
  splitNumber: 4,
  axisLabel: { ...digits(tokens), formatter: tick },
  splitLine: { lineStyle: { color: tokens.grid } },
});

const colourOf = ({ look }: Series, tokens: ChartTokens): string =>
  look === "before" ? tokens.second : tokens[look];

type Hit = { dataIndex: number; seriesIndex: number; value: unknown };

/** A value as tips hand it over; those of a point that stands out are in an object. */
const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);

function tipOf(spec: LinesSpec | BarsSpec) {
  return (hits: Hit | Hit[]): string => {
    const all = Array.isArray(hits) ? hits : [hits];
    const at = all[0]?.dataIndex ?? 0;
    const rows = spec.series.map(({ name, values }) => {
      const value = values[at];
      return `${name}  ${value === null || value === undefined ? "–" : spec.format(value)}`;
    });
    return [spec.labels[at] ?? "", ...rows].join("\n");
  };
}

/** Where a scale ends, and its steps, where they are not left to the library. */
function ends({ series, limit, most, step }: LinesSpec) {
  const all = [...series.flatMap(({ values }) => values), limit?.value ?? null];
  const top = all.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  if (step !== undefined) return { interval: step, max: Math.max(1, Math.ceil(top / step)) * step };
  return most !== undefined && top > most * NEAR ? { max: most, interval: most / 4 } : {};
}

/** The line that is not to be passed, as wide as the chart. */
function limitOf(spec: LinesSpec | BarsSpec, tokens: ChartTokens) {
  if (!spec.limit) return [];
  const { name, value } = spec.limit;
  return [
    {
      type: "line",
      name,
      data: spec.labels.map(() => value),
      symbol: "none",
      silent: true,
      lineStyle: { color: tokens.limit, width: 1, type: [3, 3] },
      itemStyle: { color: tokens.limit },
      tooltip: { show: false },
      z: 1,
    },
  ];
}

/** The last value there is stands out, with what it is. */
function ended(series: Series, spec: LinesSpec, tokens: ChartTokens) {
  const last = series.values.findLastIndex((value) => value !== null);
  if (series.look !== "first") return series.values;
  return series.values.map((value, at) =>
    at !== last || value === null
      ? value
      : {
          value,
          symbol: "circle",
          symbolSize: 8,
          label: {
            show: true,
            position: "right",
            color: tokens.text,
            fontSize: tokens.words,
            fontFamily: tokens.font,
            formatter: () => spec.format(value),
          },
        },
  );
}

function lines(spec: LinesSpec, tokens: ChartTokens): EChartsCoreOption {
  return {
    grid: { left: 4, right: END_PX, top: 20, bottom: 4, outerBoundsMode: "same" },
    xAxis: time(spec.labels, tokens, false),
    yAxis: { ...scale(tokens, spec.tick ?? spec.format), ...ends(spec) },
    tooltip: {
      ...tip(tokens),
      trigger: "axis",
      axisPointer: { lineStyle: { color: tokens.line } },
      formatter: tipOf(spec),
    },
    series: [
      ...limitOf(spec, tokens),
      // What is now lies over what was before.
      ...[...spec.series].reverse().map((series, n) => ({
        type: "line",
        name: series.name,
        data: ended(series, spec, tokens),
        symbol: "none",
        showAllSymbol: true,
        connectNulls: false,
        lineStyle: {
          color: colourOf(series, tokens),
          width: series.look === "first" ? 1.75 : 1.5,
          join: "round",
        },
        itemStyle: {
          color: colourOf(series, tokens),
          borderColor: tokens.surface,
          borderWidth: 2,
        },
        emphasis: { disabled: true },
        z: 2 + n,
      })),
    ],
  };
}

function bars(spec: BarsSpec, tokens: ChartTokens): EChartsCoreOption {
  return {
    grid: { left: 4, right: 4, top: 20, bottom: 4, outerBoundsMode: "same" },
    xAxis: time(spec.labels, tokens, true),
    yAxis: { ...scale(tokens, spec.format), minInterval: 1 },
    tooltip: {
      ...tip(tokens),
      trigger: "axis",
      axisPointer: { type: "shadow", z: 0, shadowStyle: { color: tokens.grid, opacity: 0.6 } },
      formatter: tipOf(spec),
    },
    series: [
      ...spec.series.map((series) => ({
        type: "bar",
        name: series.name,
        stack: "all",
        // Nothing leaves no line on the ground.
        data: series.values.map((value) => value || null),
        barCategoryGap: "36%",
        itemStyle: { color: colourOf(series, tokens), borderColor: tokens.surface, borderWidth: 1 },
        emphasis: { disabled: true },
      })),
      ...limitOf(spec, tokens),
    ],
  };
}

function ranks(spec: RanksSpec, tokens: ChartTokens): EChartsCoreOption {
  const names = {
    type: "category",
    inverse: true,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
  };
  const words = { fontSize: tokens.words, fontFamily: tokens.font, color: tokens.soft };
  return {
    grid: { left: NAME_PX, right: NOTE_PX, top: 0, bottom: 0, outerBoundsMode: "none" },
    xAxis: { type: "value", show: false, min: 0, max: spread },
    yAxis: [
      {
        ...names,
        data: spec.rows.map(({ label }) => label),
        axisLabel: {
          ...words,
          align: "left",
          width: NAME_PX - 8,
          overflow: "truncate",
          margin: NAME_PX,
        },
      },
      {
        ...names,
        position: "right",
        data: spec.rows.map(({ note }) => note),
        axisLabel: { ...words, align: "right", margin: NOTE_PX },
      },
    ],
    tooltip: {
      ...tip(tokens),
      trigger: "item",
      formatter: ({ dataIndex }: Hit) => {
        const row = spec.rows[dataIndex];
        return row ? `${row.label}\n${spec.format(row.value)}  ${row.note}` : "";
      },
    },
    series: [
      {
        type: "bar",
        data: spec.rows.map(({ value }) => value),
        barWidth: 12,
        itemStyle: { color: tokens.first, borderRadius: 2 },
        emphasis: { disabled: true },
        label: {
          show: true,
          position: "right",
          color: tokens.text,
          fontSize: tokens.words,
          fontFamily: tokens.font,
          formatter: ({ value }: Hit) => spec.format(numberOf(value) ?? 0),
        },
      },
    ],
  };
}

/** The longest bar leaves room for its value. */
const spread = ({ max }: { max: number }): number => Math.max(1, max * 1.25);

function heat(spec: HeatSpec, tokens: ChartTokens): EChartsCoreOption {
  const points = spec.values.flatMap((row, y) =>
    row.map((value, x) => [x, y, value ?? 0] as [number, number, number]),
  );
  const most = points.reduce((max, [, , value]) => Math.max(max, value), 0);
  const names = {
    type: "category",
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
  };
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 4, outerBoundsMode: "same" },
    xAxis: { ...names, data: spec.columns, axisLabel: { ...digits(tokens), hideOverlap: true } },
    yAxis: {
      ...names,
      inverse: true,
      data: spec.rows,
      axisLabel: { ...digits(tokens), fontSize: tokens.words, color: tokens.soft },
    },
    visualMap: {
      type: "continuous",
      show: false,
      min: 0,
      max: Math.max(1, most),
      inRange: { color: [tokens.sunken, tokens.second, tokens.first] },
    },
    tooltip: {
      ...tip(tokens),
      trigger: "item",
      formatter: ({ value }: Hit) => {
        if (!Array.isArray(value)) return "";
        const [x, y, n] = value;
        return `${spec.rows[y] ?? ""} ${spec.columns[x] ?? ""}\n${spec.format(n)}`;
      },
    },
    series: [
      {
        type: "heatmap",
        data: points,
        itemStyle: { borderColor: tokens.surface, borderWidth: 2, borderRadius: 3 },
        emphasis: { disabled: true },
      },
    ],
  };
}

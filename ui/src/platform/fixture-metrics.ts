import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { Metric } from "@/ipc/generated/Metric";
import type { MetricsBoard } from "@/ipc/generated/MetricsBoard";
import type { MetricsBoardArgs } from "@/ipc/generated/MetricsBoardArgs";
import type { MetricsBy } from "@/ipc/generated/MetricsBy";
import type { MetricsIntent } from "@/ipc/generated/MetricsIntent";
import type { MetricValue } from "@/ipc/generated/MetricValue";
import type { Handlers } from "./fixture";
import { RpcError } from "./platform";

type Names = "metrics.board" | "metrics.rows" | "metrics.export" | "report.save";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OFFSET = 480;

/** The numbers of the sample desk. */
export type MetricsData = {
  /** What the server had counted; none before a first sync. */
  asOf: number | null;
  /** Whether anybody came at all. */
  quiet: boolean;
};

const METRICS: readonly Metric[] = [
  "volume",
  "auto_response",
  "coverage",
  "failure",
  "first_response_p50",
  "first_response_p90",
  "handling",
  "first_contact",
  "satisfaction",
  "backlog",
  "queue",
  "sla_breach",
];
const GROUPS = [
  { id: "g1", name: "售后一组" },
  { id: "g2", name: "售前组" },
];
const PARTS: Record<MetricsBy, readonly [string, string, number][]> = {
  group: [
    ["g1", "售后一组", 0.62],
    ["g2", "售前组", 0.38],
  ],
  agent: [
    ["a1", "李娜", 0.3],
    ["a2", "王晓彤", 0.27],
    ["a3", "赵敏", 0.22],
    ["", "", 0.21],
  ],
  channel: [
    ["wecom_kf", "wecom_kf", 0.58],
    ["web", "web", 0.31],
    ["email", "email", 0.11],
  ],
  line: [
    ["服饰", "服饰", 0.64],
    ["家电", "家电", 0.36],
  ],
  category: [
    ["售后/退款", "售后/退款", 0.41],
    ["物流/查询", "物流/查询", 0.33],
    ["售前/尺码", "售前/尺码", 0.18],
    ["投诉/质量", "投诉/质量", 0.08],
  ],
};
const INTENTS: readonly MetricsIntent[] = [
  { intent: "查物流", n: 1_284, before: 1_211 },
  { intent: "退差价", n: 906, before: 643 },
  { intent: "退款多久到账", n: 612, before: 519 },
  { intent: "尺码推荐", n: 540, before: 557 },
  { intent: "转人工", n: 388, before: 356 },
  { intent: "投诉质量", n: 207, before: 98 },
];

/** Something between 0 and 1 that is the same whenever it is asked for. */
function wave(at: number, seed: number): number {
  const x = Math.sin(at / 7_919_000 + seed * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}

/** How many come in an hour of the day. */
function perHour(at: number): number {
  const hour = new Date(at + OFFSET * 60_000).getUTCHours();
  const day = Math.max(0, Math.sin(((hour - 6) / 17) * Math.PI));
  return Math.round(20 + 620 * day + 60 * wave(at, 1));
}

function opened(from: number, to: number): number {
  let n = 0;
  for (let at = from; at < to; at += HOUR) n += perHour(at);
  return n;
}

const share = (whole: number, part: number): MetricValue => ({
  kind: "share",
  part: Math.round(whole * Math.min(1, part)),
  whole: Math.round(whole),
});
const time = (seconds: number, of: number): MetricValue => ({
  kind: "time",
  ms: of > 0 ? Math.round(seconds) * 1_000 : null,
  of: Math.round(of),
});

/** The numbers of so many conversations in a stretch of time. */
function numbers(n: number, at: number): MetricValue[] {
  const at10 = (seed: number, base: number, by: number) => base + (wave(at, seed) - 0.5) * by;
  const handed = n * 0.21;
  const backlog = Math.round(n === 0 ? 0 : 24 + 30 * wave(at, 9));
  const values: Record<Metric, MetricValue> = {
    volume: { kind: "count", n: Math.round(n) },
    auto_response: share(n, at10(2, 0.914, 0.03)),
    coverage: share(n, at10(3, 0.786, 0.04)),
    failure: share(n * 3, at10(4, 0.062, 0.05)),
    first_response_p50: time(at10(5, 38, 14), handed),
    first_response_p90: time(at10(6, 112, 40), handed),
    handling: time(at10(7, 415, 120), handed),
    first_contact: share(n * 0.9, at10(8, 0.86, 0.05)),
    satisfaction: share(n * 0.06, at10(10, 0.942, 0.04)),
    backlog: { kind: "count", n: backlog },
    queue: { kind: "count", n: Math.round(backlog * 0.34) },
    sla_breach: share(handed, at10(11, 0.034, 0.03)),
  };
  return METRICS.map((metric) => values[metric]);
}

const byMetric = <T>(make: (metric: Metric, at: number) => T): T[] => METRICS.map(make);

/** Begins of the points of a stretch. */
function points({ from, to, grain }: MetricsBoardArgs): number[] {
  const at: number[] = [];
  if (grain === "month") {
    for (let begin = from; begin < to; ) {
      at.push(begin);
      const there = new Date(begin + OFFSET * 60_000);
      begin = Date.UTC(there.getUTCFullYear(), there.getUTCMonth() + 1, 1) - OFFSET * 60_000;
    }
    return at;
  }
  const step = grain === "hour" ? HOUR : DAY;
  for (let begin = from; begin < to; begin += step) at.push(begin);
  return at;
}

/** What part of all a filter leaves. */
function left({ filter }: MetricsBoardArgs): number {
  const of = (by: MetricsBy, value: string) =>
    PARTS[by].find(([name]) => name === value)?.[2] ?? 0.1;
  const group = filter.group ? of("group", filter.group) : 1;
  if (!filter.slice) return group;
  return group * (filter.slice.dim === "intent" ? 0.2 : of(filter.slice.dim, filter.slice.value));
}

function boardOf(args: MetricsBoardArgs, { asOf, quiet }: MetricsData): MetricsBoard {
  const part = quiet || asOf === null ? 0 : left(args);
  const at = points(args);
  const ends = (n: number) => at[n + 1] ?? args.to;
  const shift = args.compare_from === null ? 0 : args.from - args.compare_from;
  const now = at.map((begin, n) => numbers(opened(begin, ends(n)) * part, begin));
  const before = at.map((begin, n) =>
    numbers(opened(begin - shift, ends(n) - shift) * part, begin - shift),
  );
  const compares = args.compare_from !== null;
  const total = opened(args.from, args.to) * part;
  const all = numbers(total, args.from);
  const allBefore = numbers(opened(args.from - shift, args.to - shift) * part, args.from - shift);
  const standing = now.at(-1) ?? all;
  const isStanding = (metric: Metric) => metric === "backlog" || metric === "queue";
  const nothing: MetricValue = { kind: "count", n: 0 };
  const days = Math.max(1, (args.to - args.from) / DAY);
  const grown = (n: number) => Math.round((n * total) / 9_000);
  return {
    as_of: asOf,
    from: args.from,
    to: args.to,
    utc_offset_minutes: OFFSET,
    grain: args.grain,
    cards: byMetric((metric, n) => ({
      metric,
      now: (isStanding(metric) ? standing[n] : all[n]) ?? nothing,
      before: compares ? (allBefore[n] ?? nothing) : null,
    })),
    at,
    series: byMetric((metric, n) => ({
      metric,
      now: now.map((values) => values[n] ?? nothing),
      before: compares ? before.map((values) => values[n] ?? nothing) : [],
    })),
    heat: Array.from({ length: 7 * 24 }, (_, n) => ({
      weekday: Math.floor(n / 24),
      hour: n % 24,
      n: Math.round(
        perHour(n * HOUR - OFFSET * 60_000) * part * Math.ceil(days / 7) * (n >= 5 * 24 ? 1.25 : 1),
      ),
    })).filter(({ n }) => n > 0),
    tables: (Object.keys(PARTS) as MetricsBy[]).map((by) => ({
      by,
      rows: PARTS[by].map(([value, label, of], n) => ({
        value,
        label,
        values: numbers(total * of, args.from + n * DAY),
      })),
    })),
    intents:
      part === 0
        ? []
        : INTENTS.map((each) => ({
            ...each,
            n: grown(each.n),
            before: compares ? grown(each.before) : 0,
          })),
    rising:
      part === 0 || !compares
        ? []
        : INTENTS.filter(({ n, before }) => n > before)
            .map((each) => ({ ...each, n: grown(each.n), before: grown(each.before) }))
            .sort((a, b) => b.n - b.before - (a.n - a.before)),
    groups: GROUPS,
  };
}

/** The numbers of the service, on sample data. */
export function metricsHandlers(data: {
  metrics: MetricsData;
  rows: ConversationRow[];
  connection: { state: string };
}): Pick<Handlers, Names> {
  return {
    "metrics.board": (args) => boardOf(args, data.metrics),
    "metrics.rows": ({ metric, from, after, limit, which }) => {
      if (data.connection.state === "offline")
        throw new RpcError("offline", "the server is not there", true, "");
      const rows = data.rows.map(({ id, number }, n) => ({
        conversation_id: id,
        ticket_id: null,
        number,
        at: from + n * 420_000,
        part: which === "rest" ? 0 : 1,
        whole: 1,
        ms: /response_p|handling/.test(metric) ? 20_000 + n * 9_000 : null,
        group: "g1",
        agent: n % 3 === 0 ? null : "a1",
      }));
      const begin = after ? rows.findIndex(({ at }) => at === after.at) + 1 : 0;
      const part = rows.slice(begin, begin + limit);
      const last = begin + limit < rows.length ? part.at(-1) : undefined;
      return {
        as_of: data.metrics.asOf ?? 0,
        rows: part,
        total: after ? null : rows.length,
        next: last ? { at: last.at, id: last.conversation_id } : null,
      };
    },
    "metrics.export": ({ format }) => ({
      path: `/home/xiaotong/.local/share/lingtai/exports/监控-20261126-1042.${format}`,
      bytes: 18_432,
    }),
    "report.save": ({ name, offset, total, data: piece }) => ({
      path:
        offset + Math.floor((piece.length * 3) / 4) < total
          ? null
          : `/home/xiaotong/.local/share/lingtai/exports/${name}-20261126-1042.png`,
    }),
  };
}

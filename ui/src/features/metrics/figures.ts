import type { TFunction } from "i18next";
import type { LiveView } from "@/ipc/generated/LiveView";
import type { Metric } from "@/ipc/generated/Metric";
import type { MetricsBoard } from "@/ipc/generated/MetricsBoard";
import type { MetricsSlice } from "@/ipc/generated/MetricsSlice";
import type { Rank, Series, Spec } from "@/kit/chart/spec";
import { amount, amountText, clockStep, countText, growthText, pick } from "./numbers";
import { HOURS_KEPT, hasHours, pointText } from "./period";
import type { Shown } from "./useBoard";

/** What is behind a place of a figure. */
type Place = { metric: Metric; at: number | null; slice: MetricsSlice | null };

const IDS = [
  "volume",
  "failure",
  "backlog",
  "first_response",
  "answered",
  "handling",
  "solved",
  "sla_breach",
  "intents",
  "rising",
  "load",
  "heat",
] as const;
type FigureId = (typeof IDS)[number];

/** A chart of the room, with what its places open. */
export type Figure = {
  id: FigureId;
  title: string;
  /** A word beside the title. */
  note: string;
  spec: Spec;
  /** Names the first column of its table. */
  corner: string;
  wide: boolean;
  open: ((at: number) => Place) | null;
};

/** What figures are made from. */
type From = { t: TFunction; shown: Shown; board: MetricsBoard; live: LiveView | undefined };
type Line = { metric: Metric; look: Series["look"]; name: string };

const HOUR = 3_600_000;
const RANKS = 8;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** The charts of a board, in their order. */
export function figuresOf(t: TFunction, shown: Shown, live: LiveView | undefined): Figure[] {
  if (!shown.board) return [];
  const from: From = { t, shown, board: shown.board, live };
  return IDS.filter((id) => id !== "load" || hasLoad(from)).map((id) => figure(id, from));
}

const hasLoad = ({ live }: From): boolean => live !== undefined && live.agents.length > 0;

function figure(id: FigureId, from: From): Figure {
  const { t } = from;
  const now = t("metrics.line.now");
  switch (id) {
    case "volume":
      return volume(from);
    case "failure":
    case "handling":
    case "sla_breach":
      return over(id, from, [{ metric: id, look: "first", name: now }], true);
    case "backlog":
      return over(id, from, [
        { metric: "backlog", look: "first", name: t("metrics.name.backlog") },
        { metric: "queue", look: "second", name: t("metrics.name.queue") },
      ]);
    case "first_response":
      return over(id, from, [
        { metric: "first_response_p50", look: "first", name: t("metrics.line.p50") },
        { metric: "first_response_p90", look: "second", name: t("metrics.line.p90") },
      ]);
    case "answered":
      return over(id, from, [
        { metric: "auto_response", look: "first", name: t("metrics.name.auto_response") },
        { metric: "coverage", look: "second", name: t("metrics.name.coverage") },
      ]);
    case "solved":
      return over(id, from, [
        { metric: "first_contact", look: "first", name: t("metrics.name.first_contact") },
        { metric: "satisfaction", look: "second", name: t("metrics.name.satisfaction") },
      ]);
    case "intents":
    case "rising":
      return intents(id, from);
    case "load":
      return load(from);
    case "heat":
      return heat(from);
  }
}

const base = (id: FigureId, { t }: From) => ({
  id,
  title: t(`metrics.figure.${id}`),
  note: "",
  corner: t("metrics.time"),
  wide: false,
});

const labels = ({ shown, board }: From): string[] =>
  board.at.map((at) =>
    pointText(at, shown.grain, shown.offset, shown.to - shown.from <= 24 * HOUR),
  );

function values({ board }: From, metric: Metric, of: "now" | "before" = "now"): (number | null)[] {
  const all = pick(board.series, metric)?.[of] ?? [];
  return board.at.map((_, n) => amount(all[n]));
}

const placeOf =
  (metric: Metric, { board }: From) =>
  (n: number): Place => ({ metric, at: board.at[n] ?? null, slice: null });

/** Who was helped by the bot alone, and the rest. */
function volume(from: From): Figure {
  const { t, board, shown } = from;
  const opened = values(from, "volume").map((n) => n ?? 0);
  const covered = pick(board.series, "coverage")?.now ?? [];
  const solved = opened.map((_, n) => {
    const value = covered[n];
    return value?.kind === "share" ? value.part : 0;
  });
  const series: Series[] = [
    { name: t("metrics.line.solved"), look: "first", values: solved },
    {
      name: t("metrics.line.rest"),
      look: "second",
      values: opened.map((n, at) => n - (solved[at] ?? 0)),
    },
  ];
  return {
    ...base("volume", from),
    note: t(`metrics.per.${shown.grain}`),
    spec: { kind: "bars", labels: labels(from), series, format: countText },
    open: placeOf("volume", from),
  };
}

/** Numbers over time; one alone may lie over what it was before. */
function over(id: FigureId, from: From, lines: readonly Line[], withBefore = false): Figure {
  const { t, board, shown } = from;
  const metric = lines[0]?.metric ?? "volume";
  const kind = pick(board.cards, metric)?.now.kind;
  const series: Series[] = lines.map(({ metric: of, look, name }) => ({
    name,
    look,
    values: values(from, of),
  }));
  if (withBefore && shown.compares)
    series.push({
      name: t(`metrics.before.${shown.period}`),
      look: "before",
      values: values(from, metric, "before"),
    });
  const bound = lines.map(({ metric: of }) => shown.bounds[of]).find((each) => each);
  return {
    ...base(id, from),
    spec: {
      kind: "lines",
      labels: labels(from),
      series,
      format: (value) => amountText(kind ?? "count", value),
      ...(kind === "share" && { tick: tickText, most: 1 }),
      ...(kind === "time" && { step: stepOf(series, bound?.value) }),
      ...(bound && id !== "solved" && { limit: { name: t("metrics.limit"), value: bound.value } }),
    },
    open: placeOf(metric, from),
  };
}

/** A step up to the longest time, or to the limit where that is longer. */
const stepOf = (series: readonly Series[], limit = 0): number =>
  clockStep(Math.max(limit, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))));

/** A step of a scale of shares; a digit only where it is needed. */
const tickText = (share: number): string => `${Math.round(share * 1_000) / 10}%`;

/** What is asked most, or more than before. */
function intents(id: "intents" | "rising", from: From): Figure {
  const { t, board, shown } = from;
  const compares = shown.compares;
  const rows = board[id].slice(0, RANKS).map(
    ({ intent, n, before }): Rank => ({
      key: intent,
      label: intent || t("metrics.unknown"),
      value: n,
      note:
        id === "rising"
          ? t("metrics.was", { n: countText(before) })
          : compares
            ? growthText(n, before)
            : "",
    }),
  );
  return {
    ...base(id, from),
    note: t(`metrics.figureNote.${id}`),
    corner: t("metrics.intent"),
    spec: {
      kind: "ranks",
      rows,
      format: countText,
      valueName: t("metrics.name.volume"),
      noteName: t("metrics.compared"),
    },
    open: (at) => ({
      metric: "volume",
      at: null,
      slice: { dim: "intent", value: rows[at]?.key ?? "" },
    }),
  };
}

/** What each agent has now, of what they take at most. */
function load(from: From): Figure {
  const { t, live, board, shown } = from;
  const own = live?.groups ?? [];
  // Numbers come of all groups to an administrator, conversations only of those that they are in.
  const isPart =
    shown.args.filter.group === null &&
    board.groups.some((group) => own.every(({ id }) => id !== group.id));
  const rows = [...(live?.agents ?? [])]
    .sort((a, b) => b.held - a.held)
    .slice(0, RANKS)
    .map(
      ({ id, name, held, capacity }): Rank => ({
        key: id,
        label: name,
        value: held,
        note: t("metrics.ofCapacity", { n: capacity }),
      }),
    );
  return {
    ...base("load", from),
    note: t(isPart ? "metrics.figureNote.loadOfOwn" : "metrics.figureNote.load"),
    corner: t("metrics.by.agent"),
    spec: {
      kind: "ranks",
      rows,
      format: countText,
      valueName: t("metrics.held"),
      noteName: t("metrics.capacity"),
    },
    open: null,
  };
}

/** When conversations begin, by weekday and hour. */
function heat(from: From): Figure {
  const { t, board } = from;
  const counts: number[][] = WEEKDAYS.map(() => HOURS.map(() => 0));
  for (const { weekday, hour, n } of board.heat) {
    const row = counts[weekday];
    if (row) row[hour] = n;
  }
  return {
    ...base("heat", from),
    note: t(`metrics.figureNote.${heatNote(from)}`),
    corner: t("metrics.weekday.label"),
    wide: !hasLoad(from),
    spec: {
      kind: "heat",
      columns: HOURS.map(String),
      rows: WEEKDAYS.map((day) => t(`metrics.weekday.${day}`)),
      values: counts,
      format: countText,
    },
    open: null,
  };
}

/** Hours are kept for less long than days, and not by everything: what is missing is said. */
function heatNote({ board, shown }: From): "heat" | "heatOfLate" | "heatOfNone" {
  const { slice } = shown.args.filter;
  if (slice !== null && !hasHours(slice)) return "heatOfNone";
  return (board.as_of ?? 0) - HOURS_KEPT > shown.from ? "heatOfLate" : "heat";
}

/** What a figure says, in a sentence, for those who do not see it. */
export function sentenceOf(t: TFunction, { title, spec }: Figure): string {
  switch (spec.kind) {
    case "ranks":
      return t("metrics.say.list", {
        title,
        list: spec.rows
          .slice(0, 3)
          .map(({ label, value }) => `${label} ${spec.format(value)}`)
          .join(t("app.comma")),
      });
    case "heat": {
      const all = spec.values.flatMap((row, y) => row.map((n, x) => ({ x, y, n: n ?? 0 })));
      const top = all.reduce((most, each) => (each.n > most.n ? each : most), { x: 0, y: 0, n: 0 });
      return t("metrics.say.heat", {
        title,
        day: spec.rows[top.y] ?? "",
        hour: `${top.x}:00`,
        n: spec.format(top.n),
      });
    }
    default: {
      const last = spec.series.flatMap(({ name, values: all }) => {
        const value = all.findLast((each) => each !== null);
        return typeof value === "number" ? [`${name} ${spec.format(value)}`] : [];
      });
      return t("metrics.say.last", { title, list: last.join(t("app.comma")) });
    }
  }
}

import { useEffect, useSyncExternalStore } from "react";
import { useAlertRules } from "@/ipc/alerts";
import type { Grain } from "@/ipc/generated/Grain";
import type { MetricsBoard } from "@/ipc/generated/MetricsBoard";
import type { MetricsBoardArgs } from "@/ipc/generated/MetricsBoardArgs";
import { useMetricsBoard } from "@/ipc/metrics";
import { type Bounds, boundsOf } from "./limits";
import { hasHours, type PeriodId, periodOf } from "./period";
import { useRoom } from "./store";

const HOUR = 3_600_000;
const TICK_MS = 20_000;

function everyTick(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS);
  return () => clearInterval(timer);
}
/** The hour that runs; the room is not drawn anew each second. */
const hourNow = () => Math.floor(Date.now() / HOUR) * HOUR;

/** Until a board has said the organisation's clock, the one of this machine. */
const ownOffset = () => -new Date().getTimezoneOffset();

export type Shown = {
  board: MetricsBoard | undefined;
  /** What there is to choose from, whatever the room is narrowed to. */
  choices: MetricsBoard | undefined;
  error: unknown;
  /** The period of the board. */
  period: PeriodId;
  from: number;
  to: number;
  grain: Grain;
  compares: boolean;
  /** How the period may be cut. */
  grains: readonly Grain[];
  /** What the board was asked by, for an export of the same. */
  args: MetricsBoardArgs;
  offset: number;
  /** What the rules of alerts let the numbers come to. */
  bounds: Bounds;
};

/** The numbers as the room is set. On the wall they are today's. */
export function useBoard(): Shown {
  const { period: id, own, grain: wanted, compare, group, slice, wall, clock, set } = useRoom();
  const hour = useSyncExternalStore(everyTick, hourNow);
  const offset = clock ?? ownOffset();
  const called = wall ? "today" : id;
  const period = periodOf(called, own, hour, offset);
  const isByDays = slice !== null && !hasHours(slice);
  const grains = period.grains.filter((grain) => grain !== "hour" || !isByDays);
  if (grains.length === 0) grains.push("day");
  const grain = grains.find((each) => each === wanted && !wall) ?? grains[0] ?? "day";
  const asked: MetricsBoardArgs = {
    from: period.from,
    to: period.to,
    compare_from: compare ? period.compareFrom : null,
    grain,
    filter: { group, slice },
  };
  const all = { ...asked, filter: { group, slice: null } };
  const { data, error } = useMetricsBoard(asked, called);
  const { data: choices } = useMetricsBoard(all, called);
  const { data: rules } = useAlertRules();
  const said = data?.board.utc_offset_minutes ?? null;
  useEffect(() => {
    if (said !== null) set({ clock: said });
  }, [said, set]);
  const args = data?.args ?? asked;
  return {
    board: data?.board,
    choices: choices?.board,
    error,
    period: data?.called ?? called,
    from: args.from,
    to: args.to,
    // Wider than was asked for where there is nothing narrower.
    grain: data?.board.grain ?? grain,
    compares: args.compare_from !== null,
    grains,
    args,
    offset,
    bounds: boundsOf(rules?.rules ?? [], group),
  };
}

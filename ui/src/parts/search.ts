import { create } from "zustand";
import type { ChannelKind } from "@/ipc/generated/ChannelKind";
import type { FindArgs } from "@/ipc/generated/FindArgs";
import type { FindAuthor } from "@/ipc/generated/FindAuthor";
import type { FindKind } from "@/ipc/generated/FindKind";
import type { FindOrder } from "@/ipc/generated/FindOrder";
import { ofAgent } from "@/lib/agent";

/** How far back is looked. */
export const PERIODS = ["any", "today", "week", "month", "quarter", "year"] as const;
type Period = (typeof PERIODS)[number];

const DAYS: Record<Exclude<Period, "any">, number> = {
  today: 0,
  week: 6,
  month: 29,
  quarter: 89,
  year: 364,
};

type Search = {
  query: string;
  kind: FindKind | null;
  author: FindAuthor | null;
  channel: ChannelKind | null;
  period: Period;
  order: FindOrder;
  /** The hit that the arrow keys stand on. */
  active: string | null;
  set: (change: Partial<Omit<Search, "set">>) => void;
};

/** What is searched for, kept while the agent looks at a hit and comes back. */
export const useSearchState = create<Search>((set) => ({
  query: "",
  kind: null,
  author: null,
  channel: null,
  period: "any",
  order: "best",
  active: null,
  set: (change) => set(change),
}));
ofAgent(useSearchState);

/** The start of the first day of a period, local time. */
function startOf(period: Period, now: number): number | null {
  if (period === "any") return null;
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - DAYS[period]);
  return day.getTime();
}

/** The question as the desk takes it. */
export function findArgs(
  state: Pick<Search, "kind" | "author" | "channel" | "period" | "order">,
  query: string,
  now: number,
): Omit<FindArgs, "offset" | "limit"> {
  const { kind, author, channel, period, order } = state;
  return { query, kind, author, channel, order, from: startOf(period, now), until: null };
}

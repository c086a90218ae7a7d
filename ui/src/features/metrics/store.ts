import { create } from "zustand";
import type { Grain } from "@/ipc/generated/Grain";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { Metric } from "@/ipc/generated/Metric";
import type { MetricsBy } from "@/ipc/generated/MetricsBy";
import type { MetricsSlice } from "@/ipc/generated/MetricsSlice";
import { ofAgent } from "@/lib/agent";
import type { Own, PeriodId } from "./period";

/** What the room shows: all numbers, or numbers side by side. */
export type MetricsTab = "overview" | MetricsBy;

/** The rows that are looked at: behind which number, of when, of what. */
export type Behind = {
  metric: Metric;
  from: number;
  to: number;
  /** Of this instead of what the room is narrowed to. */
  slice: MetricsSlice | null;
};

type Store = {
  tab: MetricsTab;
  period: PeriodId;
  own: Own;
  /** The chosen width of a point; none is the best one for the period. */
  grain: Grain | null;
  compare: boolean;
  group: GroupId | null;
  slice: MetricsSlice | null;
  /** Tables instead of pictures. */
  asTables: boolean;
  behind: Behind | null;
  exporting: boolean;
  wall: boolean;
  /** The organisation's clock, minutes ahead of UTC, once a board has said it. */
  clock: number | null;
  set: (change: Partial<Omit<Store, "set">>) => void;
};

/** How the room of the numbers is looked at. */
export const useRoom = create<Store>((set) => ({
  tab: "overview",
  period: "today",
  own: { from: "", to: "" },
  grain: null,
  compare: true,
  group: null,
  slice: null,
  asTables: false,
  behind: null,
  exporting: false,
  wall: false,
  clock: null,
  set: (change) => set(change),
}));
ofAgent(useRoom);

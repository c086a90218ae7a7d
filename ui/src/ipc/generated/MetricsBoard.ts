import type { GroupRef } from "./GroupRef";
import type { MetricCard } from "./MetricCard";
import type { MetricSeries } from "./MetricSeries";
import type { MetricsHeat } from "./MetricsHeat";
import type { MetricsIntent } from "./MetricsIntent";
import type { MetricsTable } from "./MetricsTable";

export type MetricsBoard = { as_of: number | null, from: number, to: number, utc_offset_minutes: number, cards: Array<MetricCard>, at: Array<number>, series: Array<MetricSeries>, heat: Array<MetricsHeat>, tables: Array<MetricsTable>, intents: Array<MetricsIntent>, rising: Array<MetricsIntent>, groups: Array<GroupRef>, };

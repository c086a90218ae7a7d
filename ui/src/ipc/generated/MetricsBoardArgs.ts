import type { Grain } from "./Grain";
import type { MetricsFilter } from "./MetricsFilter";

export type MetricsBoardArgs = { from: number, to: number, compare_from: number | null, grain: Grain, filter: MetricsFilter, };

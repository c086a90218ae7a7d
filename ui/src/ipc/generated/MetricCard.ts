import type { Metric } from "./Metric";
import type { MetricValue } from "./MetricValue";

export type MetricCard = { metric: Metric, now: MetricValue, before: MetricValue | null, };

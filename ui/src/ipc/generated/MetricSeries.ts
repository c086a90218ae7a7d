import type { Metric } from "./Metric";
import type { MetricValue } from "./MetricValue";

export type MetricSeries = { metric: Metric, now: Array<MetricValue>, before: Array<MetricValue>, };

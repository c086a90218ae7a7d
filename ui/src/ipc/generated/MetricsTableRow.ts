import type { MetricValue } from "./MetricValue";

export type MetricsTableRow = { value: string, label: string, values: Array<MetricValue>, };

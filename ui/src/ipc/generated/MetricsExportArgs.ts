import type { MetricsBoardArgs } from "./MetricsBoardArgs";
import type { MetricsFormat } from "./MetricsFormat";

export type MetricsExportArgs = { board: MetricsBoardArgs, format: MetricsFormat, };

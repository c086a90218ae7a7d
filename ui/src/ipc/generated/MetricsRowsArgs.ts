import type { Metric } from "./Metric";
import type { MetricsFilter } from "./MetricsFilter";
import type { MetricsWhich } from "./MetricsWhich";

export type MetricsRowsArgs = { metric: Metric, from: number, to: number, filter: MetricsFilter, which: MetricsWhich, offset: number, limit: number, };

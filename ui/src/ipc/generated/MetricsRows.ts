import type { MetricsRow } from "./MetricsRow";

export type MetricsRows = { as_of: number, rows: Array<MetricsRow>, total: number, };

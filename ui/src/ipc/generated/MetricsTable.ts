import type { MetricsBy } from "./MetricsBy";
import type { MetricsTableRow } from "./MetricsTableRow";

export type MetricsTable = { by: MetricsBy, rows: Array<MetricsTableRow>, };

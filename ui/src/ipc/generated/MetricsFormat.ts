
export type MetricsFormat = "csv" | "xlsx";

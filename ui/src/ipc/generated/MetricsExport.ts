
export type MetricsExport = { path: string, bytes: number, };

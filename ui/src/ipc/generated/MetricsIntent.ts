
export type MetricsIntent = { intent: string, n: number, before: number, };

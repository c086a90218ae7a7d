
export type MetricsHeat = { weekday: number, hour: number, n: number, };

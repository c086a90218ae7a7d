
export type MetricsWhich = "counted" | "rest" | "all";

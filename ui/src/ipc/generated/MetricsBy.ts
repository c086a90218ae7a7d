
export type MetricsBy = "group" | "agent" | "channel" | "line" | "category";

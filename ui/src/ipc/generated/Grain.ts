
export type Grain = "hour" | "day" | "month";

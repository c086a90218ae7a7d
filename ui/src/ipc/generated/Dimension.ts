
export type Dimension = "agent" | "channel" | "line" | "category" | "intent";

import type { Dimension } from "./Dimension";

export type MetricsSlice = { dim: Dimension, value: string, };

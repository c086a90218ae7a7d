import type { GroupId } from "./GroupId";
import type { MetricsSlice } from "./MetricsSlice";

export type MetricsFilter = { group: GroupId | null, slice: MetricsSlice | null, };

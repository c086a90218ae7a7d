
export type MetricValue = { "kind": "share", part: number, whole: number, } | { "kind": "time", ms: number | null, of: number, } | { "kind": "count", n: number, };

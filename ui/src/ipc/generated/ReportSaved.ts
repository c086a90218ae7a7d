export type ReportSaved = { path: string | null, };

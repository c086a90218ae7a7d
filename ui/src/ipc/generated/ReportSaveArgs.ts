import type { AttachmentId } from "./AttachmentId";

export type ReportSaveArgs = { file_id: AttachmentId, name: string, offset: number, total: number, data: string, };

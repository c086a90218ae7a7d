import { create } from "zustand";
import { uuidv7 } from "@/lib/uuid";
import { RpcError } from "@/platform";
import { call } from "./call";
import type { FilePart } from "./generated/FilePart";
import type { FileStaged } from "./generated/FileStaged";

/** Bytes of one piece that goes to the console. */
const PIECE = 512 * 1024;

type Transfers = {
  /** How far each file has come, from 0 to 1; none of those that do not move. */
  done: Record<string, number>;
  mark: (id: string, done: number | null) => void;
};

/** How far files have come, between this desk and the server. */
export const useTransfers = create<Transfers>((set) => ({
  done: {},
  mark: (id, done) =>
    set(({ done: all }) => {
      const { [id]: _, ...others } = all;
      return { done: done === null ? others : { ...others, [id]: done } };
    }),
}));

function encode(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Saves a picture outside of the sealed store, under a name that it is told from. Gives its path. */
export async function savePicture(name: string, picture: Uint8Array): Promise<string> {
  const file_id = uuidv7();
  for (let offset = 0; offset < picture.length; offset += PIECE) {
    const data = encode(picture.subarray(offset, offset + PIECE));
    const { path } = await call("report.save", {
      file_id,
      name,
      offset,
      total: picture.length,
      data,
    });
    if (path !== null) return path;
  }
  throw new RpcError("internal", "the picture was not kept", false, "");
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

/** Hands a chosen file over, piece by piece, until it is kept or `signal` says no. For a
 * canned reply there is no conversation. */
export async function stage(
  id: string,
  conversation: string | null,
  file: File,
  tell?: (done: number) => void,
  signal?: AbortSignal,
): Promise<FileStaged | null> {
  let offset = 0;
  do {
    const piece = new Uint8Array(await file.slice(offset, offset + PIECE).arrayBuffer());
    if (signal?.aborted) return null;
    const kept = await call("file.stage", {
      file_id: id,
      conversation_id: conversation,
      name: file.name,
      offset,
      total: file.size,
      data: encode(piece),
    });
    if (kept.file) return kept;
    offset += piece.length;
    tell?.(file.size === 0 ? 1 : offset / file.size);
  } while (offset < file.size);
  return null;
}

/** All bytes of a file, or of its small picture. */
export async function read(id: string, message: string | null, part: FilePart): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let offset: number | null = 0;
  let type = "";
  while (offset !== null) {
    const piece: { mime: string; data: string; next: number | null } = await call("file.read", {
      file_id: id,
      message_id: message,
      part,
      offset,
    });
    pieces.push(decode(piece.data));
    type = piece.mime;
    offset = piece.next;
  }
  useTransfers.getState().mark(id, null);
  return new Blob(pieces, { type });
}

import type { FileView } from "@/ipc/generated/FileView";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { Tag } from "@/ipc/generated/Tag";
import type { Data, Handlers } from "./fixture";
import { RpcError } from "./platform";

type Names =
  | "file.stage"
  | "file.list"
  | "file.drop"
  | "file.send"
  | "file.canned"
  | "file.cancel"
  | "file.read"
  | "file.save";

/** A picture of one point, as base64url. */
const POINT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk-M9QDwADhgGAWjR9awAAAABJRU5ErkJggg";

const KINDS: Record<string, FileView["kind"]> = {
  png: "png",
  jpg: "jpeg",
  pdf: "pdf",
  txt: "text",
};

/** Pictures and files, on sample data. */
export function fileHandlers(data: Data, changed: (...tags: Tag[]) => void): Pick<Handlers, Names> {
  const staged: Record<string, FileView[]> = {};
  const drop = (id: string) => {
    for (const [place, files] of Object.entries(staged))
      staged[place] = files.filter((file) => file.id !== id);
  };
  return {
    "file.stage": ({ file_id, conversation_id, name, offset, total, data: piece }) => {
      const kind = KINDS[name.split(".").at(-1) ?? ""];
      if (!kind) throw new RpcError("file_type", "not taken", false, "");
      if (offset + Math.floor((piece.length * 3) / 4) < total) return { file: null, held: null };
      const is_image = kind === "png" || kind === "jpeg";
      const file: FileView = {
        id: file_id,
        name,
        kind,
        is_image,
        n_bytes: total,
        width: is_image ? 640 : 0,
        height: is_image ? 480 : 0,
      };
      if (conversation_id) staged[conversation_id] = [...(staged[conversation_id] ?? []), file];
      return { file, held: file };
    },
    "file.list": ({ conversation_id }) => ({ files: staged[conversation_id] ?? [] }),
    "file.canned": ({ conversation_id, canned_id }) => {
      const held = data.canned.find(({ id }) => id === canned_id)?.draft.files ?? [];
      const files = held.map((file) => ({
        ...file,
        id: `${file.id}-sent`,
        is_image: file.width > 0,
      }));
      staged[conversation_id] = [...(staged[conversation_id] ?? []), ...files];
      return { files: staged[conversation_id] ?? [] };
    },
    "file.drop": ({ file_id }) => {
      drop(file_id);
      return {};
    },
    "file.send": ({ file_id, conversation_id, message_id }) => {
      const file = staged[conversation_id]?.find((each) => each.id === file_id);
      if (!file) throw new RpcError("not_found", "no such file", false, "");
      drop(file_id);
      const sent: MessageView = {
        id: message_id,
        seq: 0,
        author: "me",
        author_name: "",
        text: "",
        masked: [],
        event: null,
        source: null,
        file,
        delivery: "pending",
        op_id: message_id,
        refused: null,
        at: Date.now(),
      };
      if (conversation_id === data.rows[0]?.id) data.messages = [...data.messages, sent];
      changed({ tag: "conversation", id: conversation_id });
      return sent;
    },
    "file.cancel": ({ conversation_id, message_id }) => {
      data.messages = data.messages.filter(({ id }) => id !== message_id);
      changed({ tag: "conversation", id: conversation_id });
      return {};
    },
    "file.read": () => ({ mime: "image/png", data: POINT, next: null }),
    "file.save": () => ({ path: "/home/xiaotong/下载/图片.png" }),
  };
}

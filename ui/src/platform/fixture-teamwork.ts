import type { CannedView } from "@/ipc/generated/CannedView";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { InboxFilter } from "@/ipc/generated/InboxFilter";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { Tag } from "@/ipc/generated/Tag";
import type { Data, Handlers } from "./fixture";
import { RpcError } from "./platform";

const canned = (
  id: string,
  folder: string,
  title: string,
  shortcode: string,
  text: string,
  more: Partial<CannedView["draft"]> & { used?: number } = {},
): CannedView => {
  const { used = 0, ...draft } = more;
  return {
    id,
    edition: 1,
    draft: { scope: { kind: "all" }, folder, title, shortcode, text, acts: [], ...draft },
    prompts: Array.from(text.matchAll(/\{\{([^{}]+)\}\}/g), ([, name]) => name ?? ""),
    group: "",
    used,
    by: "刘敏",
    at: 0,
    editable: true,
  };
};

/** Canned replies of the sample desk. */
export const cannedReplies = (): CannedView[] => [
  canned(
    "k1",
    "售后/退款",
    "退款到账时间",
    "tk",
    "您好，订单 {{订单号}} 的退款 {{金额}} 已提交，{{到账天数}} 个工作日内原路退回，请您留意账户。",
    { used: 312 },
  ),
  canned("k2", "售后/退款", "退款进度催办", "cb", "已为您加急，专员会在今天 18:00 前联系您。", {
    used: 128,
    acts: [
      { act: "add_tag", tag: "催退款" },
      { act: "priority", priority: "high" },
    ],
  }),
  canned("k3", "售后/物流", "物流查询", "wl", "包裹 {{运单号}} 正在派送中，预计今天送达。", {
    used: 201,
  }),
  canned("k4", "通用", "开场问候", "hi", "您好，我是{{坐席}}，很高兴为您服务。", { used: 640 }),
  canned("k5", "通用", "结束并归档", "end", "", {
    used: 77,
    acts: [{ act: "add_tag", tag: "已归档" }, { act: "resolve" }],
  }),
  canned("k6", "", "我的签名", "qm", "祝您生活愉快。", { scope: { kind: "own" } }),
];

/** Whether a row is left by a filter. */
export function isLeft(row: ConversationRow, filter: InboxFilter | undefined): boolean {
  if (!filter) return true;
  return (
    (filter.priorities.length === 0 || filter.priorities.includes(row.priority)) &&
    filter.tags.every((tag) => row.tags?.includes(tag)) &&
    (filter.category === null || row.category === filter.category) &&
    (filter.channel === null || row.channel === filter.channel) &&
    (!filter.unread || row.unread > 0) &&
    (!filter.mentioned || (row.mentions ?? 0) > 0)
  );
}

type Names =
  | "note.add"
  | "note.draft"
  | "mention.choices"
  | "message.recall"
  | "conversation.watch"
  | "conversation.bulk"
  | "inbox.choices"
  | "canned.list"
  | "canned.fill"
  | "canned.apply"
  | "canned.save"
  | "canned.remove"
  | "canned.import";

type Desk = {
  find: (id: string) => ConversationRow;
  settled: (row: ConversationRow) => ReturnType<Handlers["conversation.get"]>;
  replace: (
    id: string,
    change: Partial<ConversationRow>,
  ) => ReturnType<Handlers["conversation.get"]>;
  changed: (...tags: Tag[]) => void;
};

/** What agents do together, on sample data. */
export function teamworkHandlers(data: Data, desk: Desk): Pick<Handlers, Names> {
  const list = () => ({ items: data.canned, groups: [], may_manage: data.mayManage });
  const known: Record<string, string> = {
    订单号: "LX2026****7213",
    金额: "¥59.90",
    坐席: "王晓彤",
    客户: "张**",
  };
  return {
    "note.add": ({ conversation_id, message_id, text, mentions }) => {
      const note: MessageView = {
        id: message_id,
        seq: 0,
        author: "me",
        author_name: "",
        text,
        masked: [],
        event: null,
        source: null,
        note: { mentions: mentions.map(() => "李静"), mentions_me: false },
        delivery: "pending",
        op_id: message_id,
        refused: null,
        at: Date.now(),
        recall_until: Date.now() + 120_000,
      };
      if (conversation_id === data.rows[0]?.id) data.messages = [...data.messages, note];
      desk.changed({ tag: "conversation", id: conversation_id });
      return note;
    },
    "note.draft": () => ({}),
    "mention.choices": () => ({
      items: [
        { id: "a1", name: "李静", username: "li.jing", presence: "online" },
        { id: "a2", name: "陈可", username: "chen.ke", presence: "away" },
      ],
    }),
    "message.recall": ({ conversation_id, message_id }) => {
      const found = data.messages.find(({ id }) => id === message_id);
      if (!found) throw new RpcError("not_found", "", false, "");
      const { recall_until: _, ...rest } = found;
      const taken: MessageView = { ...rest, delivery: "recalled" };
      data.messages = data.messages.map((each) => (each === found ? taken : each));
      desk.changed({ tag: "conversation", id: conversation_id });
      return taken;
    },
    "conversation.watch": () => ({}),
    "conversation.bulk": ({ ids, act }) => {
      const held = ids.filter((id) => desk.find(id).handler.kind === "colleague");
      for (const id of ids) {
        if (held.includes(id)) continue;
        const row = desk.find(id);
        if (act.act === "resolve")
          desk.replace(id, { status: "resolved", handler: { kind: "none" } });
        else if (act.act === "claim") desk.replace(id, { handler: { kind: "me" } });
        else if (act.act === "priority") desk.replace(id, { priority: act.priority });
        else if (act.act === "transfer") desk.replace(id, { handler: { kind: "queue" } });
        else if (act.act === "take_back") desk.replace(id, { handler: { kind: "me" } });
        else if (act.act === "reopen")
          desk.replace(id, { status: "open", handler: { kind: "me" } });
        else {
          const kept = (row.tags ?? []).filter((tag) => !act.remove.includes(tag));
          desk.replace(id, { tags: [...kept, ...act.add] });
        }
      }
      const done = ids.filter((id) => !held.includes(id));
      const isFar = act.act === "take_back" && data.routing.isFar;
      return {
        done: isFar ? 0 : done.length,
        asked: isFar ? done.length : 0,
        ids: isFar ? [] : done,
        failed: held.map((id) => ({
          id,
          number: desk.find(id).number,
          code: "held_by_other" as const,
        })),
      };
    },
    "inbox.choices": () => ({
      tags: [
        { tag: "退款", n: 3 },
        { tag: "大促", n: 2 },
      ],
      categories: ["售后/退款", "售前/发货"],
      groups: [],
    }),
    "canned.list": list,
    "canned.fill": ({ canned_id }) => {
      const text = data.canned.find(({ id }) => id === canned_id)?.draft.text ?? "";
      const filled = text.replace(
        /\{\{([^{}]+)\}\}/g,
        (whole, name: string) => known[name] ?? whole,
      );
      return {
        text: filled,
        open: Array.from(filled.matchAll(/\{\{([^{}]+)\}\}/g), ([, name]) => name ?? ""),
      };
    },
    "canned.apply": ({ conversation_id, canned_id }) => {
      const acts = data.canned.find(({ id }) => id === canned_id)?.draft.acts ?? [];
      const resolves = acts.some(({ act }) => act === "resolve");
      const tags = acts.flatMap((act) => (act.act === "add_tag" ? [act.tag] : []));
      return desk.replace(conversation_id, {
        tags,
        ...(resolves && { status: "resolved" as const, handler: { kind: "none" as const } }),
      });
    },
    "canned.save": ({ id, base, draft }) => {
      const saved = { ...canned(id, "", "", "", ""), edition: base + 1, draft };
      data.canned = data.canned.some((each) => each.id === id)
        ? data.canned.map((each) => (each.id === id ? saved : each))
        : [...data.canned, saved];
      desk.changed({ tag: "canned" });
      return list();
    },
    "canned.remove": ({ ids }) => {
      data.canned = data.canned.filter(({ id }) => !ids.includes(id));
      desk.changed({ tag: "canned" });
      return list();
    },
    "canned.import": ({ csv, apply }) => {
      const lines = csv.trim().split("\n").slice(1);
      const rows = lines.map((line, at) => {
        const [folder = "", title = "", shortcode = "", text = ""] = line.split(",");
        const problem = title === "" ? ("empty" as const) : null;
        return { line: at + 2, folder, title, shortcode, text, problem };
      });
      const good = rows.filter(({ problem }) => problem === null);
      if (apply)
        data.canned = [
          ...data.canned,
          ...good.map((row) =>
            canned(`i${row.line}`, row.folder, row.title, row.shortcode, row.text),
          ),
        ];
      return { rows, good: good.length, applied: apply };
    },
  };
}

import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { PropertiesView } from "@/ipc/generated/PropertiesView";
import type { Tag } from "@/ipc/generated/Tag";
import type { Data, Handlers } from "./fixture";

/** Development and tests only: properties of the sample conversations. */
export const noProperties = (): PropertiesView => ({
  priority_rev: 0,
  priority_by: "",
  category_rev: 0,
  tags: [],
  summary: "",
  summary_by: "",
  summary_at: 0,
  draft: null,
  pending: false,
  conflicts: [],
  editable: true,
});

type Tools = {
  find: (id: string) => ConversationRow;
  settled: (row: ConversationRow) => ConversationView;
  changed: (...tags: Tag[]) => void;
};
type Names =
  | "conversation.patch"
  | "property.choices"
  | "summary.edit"
  | "summary.draft"
  | "summary.save"
  | "conflict.resolve";

export function propertyHandlers(
  data: Data,
  { find, settled, changed }: Tools,
): Pick<Handlers, Names> {
  const change = (id: string, to: Partial<PropertiesView>) => {
    data.properties[id] = { ...(data.properties[id] ?? noProperties()), ...to };
  };
  const of = (id: string) => data.properties[id] ?? noProperties();
  return {
    "conversation.patch": ({ conversation_id: id, priority, category, add_tags, remove_tags }) => {
      data.rows = data.rows.map((row) =>
        row.id === id
          ? {
              ...row,
              priority: priority?.mine ?? row.priority,
              category: category?.mine ?? row.category,
            }
          : row,
      );
      const kept = of(id).tags.filter((tag) => !remove_tags.includes(tag));
      change(id, { tags: [...new Set([...kept, ...add_tags])] });
      if (priority) change(id, { priority_by: "王晓彤" });
      changed({ tag: "inbox" }, { tag: "conversation", id });
      return settled(find(id));
    },
    "property.choices": () => ({ categories: ["售后/换货", "售后/退款", "物流/签收"] }),
    "summary.edit": ({ conversation_id: id }) => ({ text: of(id).draft ?? of(id).summary }),
    "summary.draft": ({ conversation_id: id, text }) => {
      change(id, { draft: text });
      return {};
    },
    "summary.save": ({ conversation_id: id, text }) => {
      change(id, { summary: text.trimEnd(), draft: null, summary_by: "王晓彤" });
      changed({ tag: "conversation", id });
      return settled(find(id));
    },
    "conflict.resolve": ({ conversation_id, field }) => {
      data.conflicts = data.conflicts.filter(
        (each) => each.conversation_id !== conversation_id || each.theirs.field !== field,
      );
      changed({ tag: "outbox" });
      return {};
    },
  };
}

/** Edits of the first conversation that met a colleague's. */
export function shapeConflicts(data: Data, now: number): void {
  const [row] = data.rows;
  if (!row) return;
  const base = "诉求：退差价 38 元\n承诺：无";
  const mine = "诉求：退差价 38 元\n承诺：今天 18 点前回电\n已核对订单";
  const theirs = "诉求：退差价 38 元\n承诺：原路退回，1–3 天到账";
  const from = {
    conversation_id: row.id,
    number: row.number,
    name: row.name,
    authority: "agent" as const,
    by: "李娜",
    at: now - 240_000,
  };
  data.conflicts = [
    {
      ...from,
      base: { field: "priority", value: "normal" },
      mine: { field: "priority", value: "urgent" },
      theirs: { field: "priority", value: "high" },
      merged: { field: "priority", value: "urgent" },
      authority: "lead",
      by: "张敏",
    },
    {
      ...from,
      base: { field: "summary", value: base },
      mine: { field: "summary", value: mine },
      theirs: { field: "summary", value: theirs },
      merged: {
        field: "summary",
        value: `${theirs}\n承诺：今天 18 点前回电\n已核对订单`,
      },
    },
  ];
  data.rows = data.rows.map((each) => (each.id === row.id ? { ...each, conflict: true } : each));
  data.connection = { ...data.connection, conflicts: 2 };
  data.properties[row.id] = {
    ...noProperties(),
    priority_by: "张敏",
    tags: ["催单", "老客户", "差价"],
    summary: theirs,
    summary_by: "李娜",
    summary_at: now - 240_000,
    conflicts: ["priority", "summary"],
  };
}

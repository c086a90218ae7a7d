import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { LivePart } from "@/ipc/generated/LivePart";
import type { LiveRow } from "@/ipc/generated/LiveRow";
import type { PeopleView } from "@/ipc/generated/PeopleView";
import type { PersonView } from "@/ipc/generated/PersonView";
import type { SuperviseView } from "@/ipc/generated/SuperviseView";
import type { Tag } from "@/ipc/generated/Tag";
import type { WhisperView } from "@/ipc/generated/WhisperView";
import type { Handlers } from "./fixture";

const DAY_MS = 86_400_000;

const person = (id: string, more: Partial<PersonView> = {}): PersonView => ({
  id: `0190e000-0000-7000-8000-00000000000${id}`,
  name: "",
  value_tier: "normal",
  phone: "",
  email: "",
  member: "",
  since: Date.now() - 30 * DAY_MS,
  conversations: 1,
  tickets: 0,
  last_at: Date.now() - 3 * DAY_MS,
  ...more,
});

/** What the sample desk knows of customers who may be one, and of whispers. */
export type PeopleData = {
  people: PeopleView;
  whispers: WhisperView[];
  whisper_draft: string;
  supervise: SuperviseView;
};

const known = person("2", {
  name: "张**",
  value_tier: "gold",
  phone: "138****5678",
  member: "M2****38",
  conversations: 6,
  tickets: 1,
});

export const somePeople = (): PeopleData => ({
  people: {
    alike: [{ person: known, by: ["phone"] }],
    absorbed: [],
    may_merge: true,
  },
  whispers: [],
  whisper_draft: "",
  supervise: { watches: false, may_whisper: false, may_answer: true },
});

type Names =
  | "people.get"
  | "people.find"
  | "people.compare"
  | "people.merge"
  | "people.split"
  | "live.list"
  | "whisper.send"
  | "whisper.draft";

type Held = { people: PeopleData; rows: ConversationRow[] };

const inPart = (row: ConversationRow, part: LivePart): boolean => {
  const { kind } = row.handler;
  const held = kind === "me" || kind === "colleague";
  if (row.status !== "open") return false;
  return part === "all" ? kind !== "none" : part === "agents" ? held : kind === part;
};

export function peopleHandlers(
  data: Held,
  desk: {
    replace: (id: string, change: Partial<ConversationRow>) => ConversationView;
    changed: (...tags: Tag[]) => void;
  },
): Pick<Handlers, Names> {
  const live = (row: ConversationRow): LiveRow => ({
    row,
    group: "售后一组",
    agent: row.handler.kind === "colleague" ? "a1" : null,
    since: row.handler.kind === "colleague" ? row.last_at - 480_000 : null,
    reasons:
      row.priority === "urgent"
        ? [{ kind: "words", rule: "legal_threat", words: "要投诉到 12315", to: "urgent" }]
        : [],
    whispers: row.id === data.rows[0]?.id ? data.people.whispers.length : 0,
  });
  return {
    "people.get": () => data.people.people,
    "people.find": ({ query }) => ({
      items: query.startsWith("林")
        ? [person("3", { name: "林*", phone: "139****0001", conversations: 2 })]
        : [],
    }),
    "people.compare": () => ({
      this: person("1", { name: "", phone: "138****5678" }),
      other: known,
      remains: "other",
      fields: [
        { field: "name", this: "", other: "张**", is_equal: false, propose: "other" },
        { field: "tier", this: "normal", other: "gold", is_equal: false, propose: "other" },
        {
          field: "phone",
          this: "138****5678",
          other: "138****5678",
          is_equal: true,
          propose: "other",
        },
        { field: "email", this: "zh***@example.com", other: "", is_equal: false, propose: "this" },
        { field: "member", this: "", other: "M2****38", is_equal: false, propose: "other" },
      ],
    }),
    "people.merge": () => {
      const at = Date.now();
      data.people.people = {
        alike: [],
        absorbed: [
          {
            id: "0190e000-0000-7000-8000-000000000001",
            name: "",
            at,
            by: "王晓彤",
            until: at + 30 * DAY_MS,
            may_split: true,
          },
        ],
        may_merge: true,
      };
      desk.changed({ tag: "inbox" });
      return data.people.people;
    },
    "people.split": () => {
      data.people.people = somePeople().people;
      desk.changed({ tag: "inbox" });
      return data.people.people;
    },
    "live.list": ({ part, offset, limit }) => {
      const n = (of: LivePart) => data.rows.filter((row) => inPart(row, of)).length;
      const rows = data.rows.filter((row) => inPart(row, part));
      rows.sort((a, b) => (a.waiting_since ?? Infinity) - (b.waiting_since ?? Infinity));
      return {
        rows: rows.slice(offset, offset + limit).map(live),
        total: rows.length,
        n_agents: n("agents"),
        n_queue: n("queue"),
        n_bot: n("bot"),
        agents: [
          {
            id: "a1",
            name: "李娜",
            presence: "online",
            held: 6,
            capacity: 8,
            waiting_since: Date.now() - 260_000,
          },
          { id: "a2", name: "王晓彤", presence: "busy", held: 8, capacity: 8, waiting_since: null },
          { id: "a3", name: "赵敏", presence: "away", held: 0, capacity: 5, waiting_since: null },
        ],
        groups: [
          { id: "g1", name: "售后一组" },
          { id: "g2", name: "售前组" },
        ],
      };
    },
    "whisper.draft": ({ text }) => {
      data.people.whisper_draft = text;
      return {};
    },
    "whisper.send": ({ conversation_id, whisper_id, text }) => {
      data.people.whisper_draft = "";
      data.people.whispers = [
        ...data.people.whispers,
        {
          id: whisper_id,
          author: "王晓彤",
          is_mine: true,
          to_leads: data.people.supervise.may_answer,
          to: data.people.supervise.may_answer ? "" : "李娜",
          text,
          after_seq: 48,
          at: Date.now(),
          pending: false,
          op_id: null,
          refused: null,
        },
      ];
      return desk.replace(conversation_id, {});
    },
  };
}

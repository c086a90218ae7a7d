import type { BusinessHours } from "@/ipc/generated/BusinessHours";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { OfferView } from "@/ipc/generated/OfferView";
import type { ReturnedItem } from "@/ipc/generated/ReturnedItem";
import type { RoutingSettings } from "@/ipc/generated/RoutingSettings";
import type { RoutingView } from "@/ipc/generated/RoutingView";
import type { Tag } from "@/ipc/generated/Tag";
import type { TransferTargets } from "@/ipc/generated/TransferTargets";
import type { Data, Handlers } from "./fixture";

/** Development and tests only: offers and transfers in memory. */
export type RoutingData = {
  offers: OfferView[];
  snoozed: Record<string, number>;
  /** What this agent gave away and may take back. */
  given: string[];
  /** Whether what is taken back has left this desk. */
  isFar: boolean;
  targets: TransferTargets;
  settings: RoutingSettings;
  /** What went back to the queues while the agent was gone. */
  returned: ReturnedItem[];
};

type Names = Extract<
  keyof Handlers,
  | "conversation.decline"
  | "conversation.transfer"
  | "conversation.take_over"
  | "conversation.snooze"
  | "conversation.wake"
  | "conversation.reopen"
  | "conversation.take_back"
  | "routing.returned"
  | "transfer.targets"
  | "offer.list"
  | "routing.settings"
  | "routing.configure"
>;

const office = {
  id: "0190f000-0000-7000-8000-000000000021",
  name: "客服工作时间",
  utc_offset_minutes: 480,
  week: [
    [{ from: 540, to: 1080 }],
    [{ from: 540, to: 1080 }],
    [{ from: 540, to: 1080 }],
    [{ from: 540, to: 1080 }],
    [{ from: 540, to: 1080 }],
    [],
    [],
  ] satisfies BusinessHours["week"],
  holidays: [{ day: "2026-10-01", name: "国庆节" }],
  workdays: [{ day: "2026-10-10", name: "国庆节调休", periods: [{ from: 540, to: 1080 }] }],
};

export const noOffers = (): RoutingData => ({
  offers: [],
  snoozed: {},
  given: [],
  isFar: false,
  returned: [],
  settings: {
    groups: [
      {
        id: "0190f000-0000-7000-8000-000000000001",
        name: "售后一组",
        assign: { kind: "auto", accept_ms: 30_000 },
        capacities: [{ channel: "web", limit: 6 }],
        return_after_ms: 300_000,
      },
      {
        id: "0190f000-0000-7000-8000-000000000002",
        name: "售前组",
        assign: { kind: "pick" },
        capacities: [],
        return_after_ms: null,
      },
    ],
    agents: [
      {
        id: "0190f000-0000-7000-8000-000000000011",
        name: "李娜",
        groups: ["售前组"],
        capacity: 8,
        capacities: [],
        skills: [{ name: "售前", level: 80 }],
      },
    ],
    hours: [office],
    may_all: true,
    inboxes: [
      {
        id: "0190f000-0000-7000-8000-000000000031",
        kind: "web",
        name: "官网咨询",
        group: "0190f000-0000-7000-8000-000000000001",
        hours: office.id,
      },
    ],
    template: { ...office, id: "00000000-0000-0000-0000-000000000000" },
  },
  targets: {
    groups: [
      { id: "0190f000-0000-7000-8000-000000000001", name: "售后一组", is_here: true, n_online: 2 },
      { id: "0190f000-0000-7000-8000-000000000002", name: "售前组", is_here: false, n_online: 3 },
      { id: "0190f000-0000-7000-8000-000000000003", name: "物流", is_here: false, n_online: 0 },
    ],
    agents: [
      {
        id: "0190f000-0000-7000-8000-000000000011",
        name: "李娜",
        groups: ["售前组"],
        presence: "online",
        may_take: true,
        skills: [{ name: "售前", level: 80 }],
      },
      {
        id: "0190f000-0000-7000-8000-000000000012",
        name: "赵敏",
        groups: ["售后一组"],
        presence: "transfer_only",
        may_take: true,
        skills: [],
      },
      {
        id: "0190f000-0000-7000-8000-000000000013",
        name: "周洋",
        groups: ["售后一组"],
        presence: "away",
        may_take: false,
        skills: [],
      },
    ],
  },
});

/** What routing keeps about a row, as the sample desk knows it. */
export function routingOf(data: Data, row: ConversationRow): RoutingView {
  const mine = row.handler.kind === "me";
  const held = mine || row.handler.kind === "colleague";
  const offer = data.routing.offers.find((each) => each.row.id === row.id);
  return {
    offer: offer
      ? {
          name: "王晓彤",
          is_me: true,
          offered_at: offer.offered_at,
          expires_at: offer.expires_at,
        }
      : null,
    assigned: held
      ? {
          name: mine ? "王晓彤" : "李娜",
          is_me: mine,
          at: row.last_at,
          reason: "auto",
          why: [
            { kind: "last_agent" },
            { kind: "skill", name: "售后", level: 80 },
            { kind: "load", held: 3, capacity: 8 },
          ],
        }
      : null,
    snoozed_until: data.routing.snoozed[row.id] ?? null,
    left_message: false,
    may: {
      decline: offer !== undefined,
      transfer: row.status === "open" && (mine || row.handler.kind === "queue"),
      take_over: false,
      snooze: row.status === "open" && mine,
      wake: row.status === "snoozed",
      reopen: row.status === "resolved",
      take_back: row.handler.kind === "queue" && data.routing.given.includes(row.id),
    },
  };
}

export function routingHandlers(
  data: Data,
  desk: {
    replace: (id: string, change: Partial<ConversationRow>) => ConversationView;
    changed: (...tags: Tag[]) => void;
  },
): Pick<Handlers, Names> {
  const { replace, changed } = desk;
  const settle = (id: string) => {
    data.routing.offers = data.routing.offers.filter((each) => each.row.id !== id);
    changed({ tag: "inbox" });
  };
  return {
    "offer.list": () => ({ offers: data.routing.offers }),
    "transfer.targets": () => data.routing.targets,
    "conversation.decline": ({ conversation_id }) => {
      settle(conversation_id);
      return replace(conversation_id, {});
    },
    "conversation.transfer": ({ conversation_id }) => {
      data.routing.given = [...data.routing.given, conversation_id];
      return replace(conversation_id, { handler: { kind: "queue" } });
    },
    "conversation.take_over": ({ conversation_id }) =>
      replace(conversation_id, { handler: { kind: "me" } }),
    "conversation.snooze": ({ conversation_id, until }) => {
      data.routing.snoozed[conversation_id] = until;
      return replace(conversation_id, { status: "snoozed", snoozed_until: until });
    },
    "conversation.wake": ({ conversation_id }) => {
      delete data.routing.snoozed[conversation_id];
      return replace(conversation_id, { status: "open" });
    },
    "conversation.reopen": ({ conversation_id }) =>
      replace(conversation_id, { status: "open", handler: { kind: "me" } }),
    "conversation.take_back": ({ conversation_id }) => {
      data.routing.given = data.routing.given.filter((id) => id !== conversation_id);
      replace(conversation_id, { handler: { kind: "me" } });
      return { is_asked: data.routing.isFar };
    },
    "routing.returned": () => ({ items: data.routing.returned }),
    "routing.settings": () => data.routing.settings,
    "routing.configure": () => ({}),
  };
}

import type { Tag } from "@/ipc/generated/Tag";
import type { TicketBulkAct } from "@/ipc/generated/TicketBulkAct";
import type { TicketBulkView } from "@/ipc/generated/TicketBulkView";
import type { TicketEventKind } from "@/ipc/generated/TicketEventKind";
import type { TicketEventView } from "@/ipc/generated/TicketEventView";
import type { TicketFilter } from "@/ipc/generated/TicketFilter";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketState } from "@/ipc/generated/TicketState";
import type { TicketUndo } from "@/ipc/generated/TicketUndo";
import type { TicketValue } from "@/ipc/generated/TicketValue";
import type { TicketView } from "@/ipc/generated/TicketView";
import type { Data, Handlers } from "./fixture";
import { GROUPS, movesFrom, type types } from "./fixture-ticket-data";
import { RpcError } from "./platform";

/** Development and tests only: tickets that move as those of the program do, in memory. */
export type TicketData = {
  rows: TicketRow[];
  values: Record<string, Record<string, TicketValue>>;
  events: Record<string, TicketEventView[]>;
  types: ReturnType<typeof types>;
};

type Names = Extract<keyof Handlers, `ticket.${string}` | `ticket_type.${string}`>;
const HOUR = 3_600_000;
const LI = "0190d000-0000-7000-8000-000000000002";
const ZHAO = "0190d000-0000-7000-8000-000000000003";
const calendars = [
  { id: "0190f300-0000-7000-8000-000000000001", name: "客服工作时间" },
  { id: "0190f300-0000-7000-8000-000000000002", name: "物流工作时间" },
];
const LATE = 1_440 * 60_000;
const BOARD: readonly TicketState[] = [
  "new",
  "open",
  "pending_customer",
  "on_hold",
  "resolved",
  "closed",
  "cancelled",
];
const unfinished = ({ state }: TicketRow) =>
  state === "new" || state === "open" || state === "pending_customer" || state === "on_hold";

export function ticketHandlers(
  data: Data,
  changed: (...tags: Tag[]) => void,
  now: number,
): Pick<Handlers, Names> {
  const tickets = data.tickets;
  const find = (id: string): TicketRow => {
    const row = tickets.rows.find((each) => each.id === id);
    if (!row) throw new RpcError("not_found", "no such ticket", false, "");
    return row;
  };
  const departments = Object.values(GROUPS).map(({ id, name }) => ({
    id,
    name,
    mine: id === GROUPS.after.id,
    people:
      id === GROUPS.after.id
        ? [
            { id: "0190d000-0000-7000-8000-000000000001", name: "王晓彤" },
            { id: "0190d000-0000-7000-8000-000000000002", name: "李娜" },
          ]
        : [],
  }));
  const fits = (row: TicketRow, filter: TicketFilter) =>
    (filter.scope.kind !== "mine" || row.mine) &&
    (filter.scope.kind !== "waiting" || row.awaited) &&
    (filter.scope.kind !== "mentioned" || row.mentioned) &&
    (filter.scope.kind !== "department" || row.department_id === filter.scope.id) &&
    (filter.states.length === 0 || filter.states.includes(row.state)) &&
    (filter.types.length === 0 || filter.types.includes(row.type_id)) &&
    (filter.priorities.length === 0 || filter.priorities.includes(row.priority)) &&
    (filter.due === null ||
      (filter.due === "breached" ? row.due?.breached : row.due?.warned) === true) &&
    `${row.number} ${row.title} ${row.customer}`.includes(filter.query) &&
    (filter.contact_id === null || tickets.events[row.id] !== undefined);
  const counts = () => ({
    mine: tickets.rows.filter((row) => row.mine && unfinished(row)).length,
    waiting: tickets.rows.filter((row) => row.awaited && unfinished(row)).length,
    mentioned: tickets.rows.filter(({ mentioned }) => mentioned).length,
    all: tickets.rows.filter(unfinished).length,
    breached: tickets.rows.filter((row) => row.due?.breached).length,
    departments: [],
  });
  const view = (row: TicketRow): TicketView => {
    const kind = tickets.types.find(({ id }) => id === row.type_id) ?? tickets.types[0];
    const values = tickets.values[row.id] ?? {};
    const began = now - 26 * 60_000;
    const here = row.department_id === GROUPS.after.id;
    const work = unfinished(row);
    return {
      row,
      title_rev: 0,
      priority_rev: 0,
      customer: {
        contact_id: "0190e000-0000-7000-8000-000000000001",
        name: row.customer,
        tier: "gold",
      },
      conversations: [
        { id: data.rows[0]?.id ?? "", number: data.rows[0]?.number ?? "", status: "open" },
      ],
      steps: row.path.map(({ department, at }) => ({
        department_id: Object.values(GROUPS).find(({ name }) => name === department)?.id ?? "",
        department,
        person: at === "now" ? row.assignee : at === "past" ? "李娜" : "",
        at,
        waits: false,
        entered_at: began,
        left_at: null,
        business_ms: 26 * 60_000,
      })),
      fields: (kind?.fields ?? []).map((field) => ({
        field,
        value: values[field.key] ?? null,
        masked: false,
        rev: 0,
        missing: field.required !== "no" && values[field.key] === undefined,
      })),
      events: tickets.events[row.id] ?? [
        {
          at: began,
          by: "李娜",
          mine: false,
          department: GROUPS.after.name,
          what: { kind: "created", conversation: 10293 },
          mentions: [],
          mentions_me: false,
        },
      ],
      slas: [
        {
          metric: "resolution",
          state: row.due?.breached ? "breached" : "pending",
          target_ms: LATE,
          warn_ms: LATE * 0.8,
          used_ms: 5 * HOUR,
          started_at: now - 20 * HOUR,
          due_at: row.due?.due_at ?? null,
          completed_at: null,
          paused: row.due?.paused ?? false,
          hours: "客服工作时间",
          segments: [
            { what: { kind: "running" }, from: now - 20 * HOUR, to: now - 17 * HOUR },
            { what: { kind: "closed", holiday: "" }, from: now - 17 * HOUR, to: now - 2 * HOUR },
            { what: { kind: "running" }, from: now - 2 * HOUR, to: now },
          ],
        },
      ],
      can: {
        claim: here && work && !row.mine,
        release: here && work && row.assignee !== "",
        assign: here && work,
        transfer: here && work,
        return_to: null,
        take_back: !here && row.assignee === "",
        comment: here || row.awaited,
        edit: here && row.state !== "closed" && row.state !== "cancelled",
        verify: row.state === "resolved",
        merge: here && work,
      },
      created_by: "李娜",
      merged_into: null,
      refusals: [],
      undo: null,
    };
  };
  const change = (id: string, to: Partial<TicketRow>, what: TicketEventKind): TicketView => {
    const before = view(find(id)).events;
    tickets.rows = tickets.rows.map((row) => {
      if (row.id !== id) return row;
      const next = { ...row, ...to, updated_at: Date.now() };
      return {
        ...next,
        moves: next.department_id === GROUPS.after.id ? movesFrom(next.state) : [],
      };
    });
    tickets.events[id] = [
      ...before,
      {
        at: Date.now(),
        by: "王晓彤",
        mine: true,
        department: GROUPS.after.name,
        what,
        mentions: [],
        mentions_me: false,
      },
    ];
    changed({ tag: "tickets" }, { tag: "ticket", id });
    return view(find(id));
  };
  /** A colleague's ticket refuses; the others are done. */
  const bulk = (ids: readonly string[], act: TicketBulkAct, preview: boolean): TicketBulkView => {
    const rows = ids.map(find);
    const held = rows.filter(({ assignee, mine }) => assignee !== "" && !mine);
    const free = rows.filter((row) => !held.includes(row));
    const undo: TicketUndo[] = [];
    for (const { id, priority } of preview ? [] : free) {
      if (act.act === "priority") {
        undo.push({ id, act: { act: "priority", priority } });
        change(
          id,
          { priority: act.priority },
          { kind: "escalated", from: priority, to: act.priority },
        );
      } else if (act.act === "claim") {
        undo.push({ id, act: { act: "release" } });
        change(id, { state: "open", assignee: "王晓彤", mine: true }, { kind: "claimed" });
      } else if (act.act === "release")
        change(id, { assignee: "", mine: false }, { kind: "let_go" });
      else if (act.act === "move") change(id, { state: act.to }, { kind: "resumed", note: "" });
      // Passed on for good they are seen here no more.
      else if (act.act === "transfer")
        undo.push({ id, act: { act: "take_back", department_id: act.department_id } });
    }
    return {
      done: free.length,
      asked: 0,
      same: 0,
      refused: held.map(({ id, number, title, assignee }) => ({
        id,
        number,
        title,
        code: "held_by_other",
        holder: assignee,
      })),
      undo,
    };
  };
  const told = (state: TicketState, note: string, until: number | null): TicketEventKind => {
    switch (state) {
      case "pending_customer":
      case "on_hold":
        return { kind: "paused", why: state, until, note };
      case "resolved":
        return { kind: "resolved", note };
      case "closed":
        return { kind: "verified_ok", note };
      case "cancelled":
        return { kind: "cancelled", note };
      default:
        return { kind: "resumed", note };
    }
  };
  return {
    "ticket.board": ({ filter, limit }) => ({
      columns: BOARD.filter((state) => filter.states.includes(state)).map((state) => {
        const rows = tickets.rows.filter(
          (row) => row.state === state && fits(row, { ...filter, states: [] }),
        );
        return { state, total: rows.length, rows: rows.slice(0, limit) };
      }),
      counts: counts(),
    }),
    "ticket.list": ({ filter, offset, limit }) => {
      const rows = tickets.rows.filter((row) => fits(row, filter));
      return {
        offset,
        rows: rows.slice(offset, offset + limit),
        total: rows.length,
        counts: counts(),
      };
    },
    "ticket.get": ({ ticket_id }) => view(find(ticket_id)),
    "ticket.choices": () => ({ departments, types: tickets.types }),
    "ticket.prepare": ({ conversation_id, type_id }) => {
      const kind = tickets.types.find(({ id }) => id === type_id) ?? tickets.types[0];
      const from = data.rows.find(({ id }) => id === conversation_id);
      return {
        types: tickets.types,
        type_id: kind?.id ?? null,
        title: from ? "退款没有到账" : "",
        priority: from?.priority ?? "normal",
        department_id: GROUPS.after.id,
        customer: from
          ? { contact_id: "0190e000-0000-7000-8000-000000000001", name: from.name, tier: "gold" }
          : null,
        conversation: from ? { id: from.id, number: from.number, status: "open" } : null,
        values: from
          ? [
              {
                key: "order",
                value: { kind: "text", value: "LX20********7213" },
                source: "order",
                masked: true,
              },
              {
                key: "amount",
                value: { kind: "money", value: 6_000 },
                source: "amount",
                masked: false,
              },
            ]
          : [],
        similar: from ? tickets.rows.filter((row) => row.customer === from.name) : [],
      };
    },
    "ticket.create": ({ ticket_id, type_id, title, priority, department_id, values, note }) => {
      const kind = tickets.types.find(({ id }) => id === type_id);
      const [sample] = tickets.rows;
      if (!kind || !sample) throw new RpcError("not_found", "no such type", false, "");
      tickets.values[ticket_id] = values;
      tickets.rows = [
        {
          ...sample,
          id: ticket_id,
          number: data.connection.state === "offline" ? "" : "T-00832",
          title,
          type_id,
          type_name: kind.name,
          state: "new",
          priority,
          department_id: department_id ?? sample.department_id,
          assignee: "",
          mine: false,
          moves: movesFrom("new"),
          pending: data.connection.state === "offline",
        },
        ...tickets.rows,
      ];
      tickets.events[ticket_id] = [
        {
          at: Date.now(),
          by: "王晓彤",
          mine: true,
          department: GROUPS.after.name,
          what: { kind: "created", conversation: 10293 },
          mentions: [],
          mentions_me: false,
        },
      ];
      changed({ tag: "tickets" });
      if (note === "") return view(find(ticket_id));
      return change(ticket_id, {}, { kind: "commented", text: note, mentions: [] });
    },
    "ticket.move": ({ ticket_id, from, to, note, until }) => {
      const row = find(ticket_id);
      if (row.state !== from) throw new RpcError("changed_meanwhile", "", false, "");
      if (!movesFrom(from).includes(to)) throw new RpcError("illegal_state", "", false, "");
      const view = change(ticket_id, { state: to, hold_until: until }, told(to, note, until));
      const leadsBack = from !== "new" && movesFrom(to).includes(from);
      return { ...view, undo: leadsBack ? { act: "move", to: from } : null };
    },
    "ticket.claim": ({ ticket_id }) => ({
      ...change(ticket_id, { state: "open", assignee: "王晓彤", mine: true }, { kind: "claimed" }),
      undo: { act: "release" },
    }),
    "ticket.assign": ({ ticket_id, agent_id }) => {
      const to = departments.flatMap(({ people }) => people).find(({ id }) => id === agent_id);
      const name = to?.name ?? "";
      return change(
        ticket_id,
        { assignee: name, mine: name === "王晓彤" },
        { kind: "assigned", to: name },
      );
    },
    "ticket.transfer": ({ ticket_id, department_id, returns, note }) => {
      const to = departments.find(({ id }) => id === department_id)?.name ?? "";
      return change(
        ticket_id,
        {
          department_id,
          department: to,
          assignee: "",
          mine: false,
          awaited: returns,
          path: [
            { department: GROUPS.after.name, at: "past" },
            { department: to, at: "now" },
          ],
        },
        { kind: "transferred", to, note, returns },
      );
    },
    "ticket.return": ({ ticket_id, note }) =>
      change(ticket_id, {}, { kind: "returned", to: GROUPS.after.name, note }),
    "ticket.take_back": ({ ticket_id }) => {
      const { assignee, awaited } = find(ticket_id);
      if (assignee !== "") throw new RpcError("taken_up", "", false, "");
      change(
        ticket_id,
        {
          department_id: GROUPS.after.id,
          department: GROUPS.after.name,
          assignee: "王晓彤",
          mine: true,
          awaited: false,
          path: [{ department: GROUPS.after.name, at: "now" }],
        },
        { kind: "taken_back", to: GROUPS.after.name },
      );
      // Passed on for good it may have left this desk.
      return { is_asked: !awaited };
    },
    "ticket.release": ({ ticket_id }) =>
      change(ticket_id, { assignee: "", mine: false }, { kind: "let_go" }),
    "ticket.comment": ({ ticket_id, text, mentions }) =>
      change(ticket_id, {}, { kind: "commented", text, mentions }),
    "ticket.colleagues": () => ({
      items: [
        { id: LI, name: "李娜", username: "lina", presence: "online" },
        { id: ZHAO, name: "赵海", username: "zhaohai", presence: "away" },
      ],
    }),
    "ticket.seen": ({ ticket_id }) => {
      tickets.rows = tickets.rows.map((row) =>
        row.id === ticket_id ? { ...row, mentioned: false } : row,
      );
      changed({ tag: "tickets" }, { tag: "ticket", id: ticket_id });
      return {};
    },
    "ticket.bulk": ({ ids, act, preview }) => bulk(ids, act, preview),
    "ticket.bulk_undo": ({ undo }) => {
      for (const one of undo) bulk([one.id], one.act, false);
      const asked = undo.filter(({ act }) => act.act === "take_back").length;
      return { done: undo.length - asked, asked, same: 0, refused: [], undo: [] };
    },
    "ticket.patch": ({ ticket_id, title, priority, values }) => {
      const row = find(ticket_id);
      const kept = { ...tickets.values[ticket_id] };
      for (const { key, to } of values) {
        if (to === null) delete kept[key];
        else kept[key] = to;
      }
      tickets.values[ticket_id] = kept;
      const labels = values.map(({ key }) => key);
      return change(
        ticket_id,
        { title: title?.to ?? row.title, priority: priority?.to ?? row.priority },
        priority
          ? { kind: "escalated", from: row.priority, to: priority.to }
          : { kind: "edited", labels: title ? [""] : labels },
      );
    },
    "ticket.merge": ({ ticket_id, into }) => {
      const own = find(ticket_id);
      const other = find(into);
      change(
        ticket_id,
        { state: "cancelled" },
        { kind: "merged_into", number: Number(other.number.slice(2)) },
      );
      return change(
        into,
        {},
        { kind: "merged", number: Number(own.number.slice(2)), title: own.title },
      );
    },
    "ticket.verify": ({ ticket_id, ok, note }) =>
      change(
        ticket_id,
        { state: ok ? "closed" : "open" },
        { kind: ok ? "verified_ok" : "verified_fail", note },
      ),
    "ticket.export": ({ filter }) => ({
      path: "/home/xiaotong/下载/工单-20261126.csv",
      rows: tickets.rows.filter((row) => fits(row, filter)).length,
    }),
    "ticket_type.check": ({ kind }) => ({
      faults: [
        ...(kind.name.trim() === ""
          ? [{ place: { at: "name" as const }, why: "empty" as const }]
          : []),
        ...(kind.sla.warn_percent < 1 || kind.sla.warn_percent > 99
          ? [{ place: { at: "warn_share" as const }, why: "bounds" as const }]
          : []),
        ...kind.fields.flatMap((field, place) => {
          const options = field.kind.kind === "choice" ? field.kind.options : null;
          const parts = [
            ...(field.label.trim() === "" ? (["label"] as const) : []),
            ...(options !== null && options.join("") === "" ? (["options"] as const) : []),
          ];
          return parts.map((part) => ({
            place: { at: "field" as const, place, part },
            why: "empty" as const,
          }));
        }),
      ],
    }),
    "ticket_type.list": () => ({
      types: tickets.types.map((kind) => ({ kind, unfinished: 3, pending: false })),
      departments,
      calendars,
      editable: data.session.phase === "ready" && data.session.me.role === "admin",
    }),
    "ticket_type.save": ({ kind }) => {
      const known = tickets.types.some(({ id }) => id === kind.id);
      const next = { ...kind, version: kind.version + 1 };
      tickets.types = known
        ? tickets.types.map((each) => (each.id === kind.id ? next : each))
        : [...tickets.types, next];
      changed({ tag: "ticket_types" });
      return {
        types: tickets.types.map((each) => ({ kind: each, unfinished: 3, pending: false })),
        departments,
        calendars,
        editable: true,
      };
    },
  };
}

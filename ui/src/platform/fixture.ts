import type { BackupView } from "@/ipc/generated/BackupView";
import type { BellView } from "@/ipc/generated/BellView";
import type { CannedView } from "@/ipc/generated/CannedView";
import type { CommandName, Commands } from "@/ipc/generated/Commands";
import type { ConflictView } from "@/ipc/generated/ConflictView";
import type { ConnectionView } from "@/ipc/generated/ConnectionView";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { CustomerView } from "@/ipc/generated/CustomerView";
import type { EngineView } from "@/ipc/generated/EngineView";
import type { FaqEntryView } from "@/ipc/generated/FaqEntryView";
import type { HealthView } from "@/ipc/generated/HealthView";
import type { HoursNow } from "@/ipc/generated/HoursNow";
import type { LearnedLine } from "@/ipc/generated/LearnedLine";
import type { MembersView } from "@/ipc/generated/MembersView";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { OutboxItem } from "@/ipc/generated/OutboxItem";
import type { PropertiesView } from "@/ipc/generated/PropertiesView";
import type { SavedTicketView } from "@/ipc/generated/SavedTicketView";
import type { SavedView } from "@/ipc/generated/SavedView";
import type { SecurityView } from "@/ipc/generated/SecurityView";
import type { SessionView } from "@/ipc/generated/SessionView";
import type { Settings } from "@/ipc/generated/Settings";
import type { StoppedView } from "@/ipc/generated/StoppedView";
import type { SurveyView } from "@/ipc/generated/SurveyView";
import type { Tag } from "@/ipc/generated/Tag";
import type { ThumbsView } from "@/ipc/generated/ThumbsView";
import type { UiEvent } from "@/ipc/generated/UiEvent";
import { type AlertData, alertHandlers, bellOf, someAlerts } from "./fixture-alerts";
import { messages, older, rows, suggestions } from "./fixture-data";
import { fileHandlers } from "./fixture-file";
import { engine, entries, explanation, page, report } from "./fixture-knowledge";
import { memberHandlers, someMembers } from "./fixture-members";
import { type MetricsData, metricsHandlers } from "./fixture-metrics";
import { type PeopleData, peopleHandlers, somePeople } from "./fixture-people";
import { noProperties, propertyHandlers } from "./fixture-property";
import { type QualityData, qualityHandlers, someReviews } from "./fixture-quality";
import { noOffers, type RoutingData, routingHandlers, routingOf } from "./fixture-routing";
import { found, hits, pageOf } from "./fixture-search";
import { someSurveys, surveyHandlers } from "./fixture-surveys";
import { cannedReplies, isLeft, teamworkHandlers } from "./fixture-teamwork";
import { type TicketData, ticketHandlers } from "./fixture-ticket";
import { ticketRows, types } from "./fixture-ticket-data";
import { viewHandlers } from "./fixture-views";
import { type Platform, RpcError } from "./platform";

/** Development and tests only: a desk of sample data in memory. Production builds leave it out. */
export type Handlers = {
  [K in CommandName]: (args: Commands[K]["request"]) => Commands[K]["response"];
};
type Calls = { name: CommandName; args: unknown }[];
export type Fixture = Platform & {
  /** Everything that was asked, in order. */
  calls: Calls;
  emit: (event: UiEvent) => void;
  /** The next time the command is asked, it is refused with this error. */
  refuse: (name: CommandName, error: RpcError) => void;
  /** The next time the command is asked, its answer is under way until the returned call. */
  hold: (name: CommandName) => () => void;
  /** Changes the sample data before or during a test. */
  data: Data;
};
export type Data = {
  session: SessionView;
  connection: ConnectionView;
  settings: Settings;
  rows: ConversationRow[];
  messages: MessageView[];
  older: MessageView[];
  outbox: OutboxItem[];
  conflicts: ConflictView[];
  /** What agents keep about conversations, by conversation. */
  properties: Record<string, PropertiesView>;
  stopped: StoppedView[];
  people: PeopleData;
  /** What customers said of the agent. */
  surveys: SurveyView[];
  quality: QualityData;
  routing: RoutingData;
  members: MembersView;
  /** Views of the inbox, the agent's own. */
  views: SavedView[];
  /** Views of the tickets, the agent's own. */
  ticketViews: SavedTicketView[];
  /** What the agent was told. */
  bell: BellView;
  alerting: AlertData;
  /** The hours of every channel; none while nobody set any. */
  hours: HoursNow | null;
  drafts: Record<string, string>;
  thumbs: Record<string, ThumbsView>;
  learned: LearnedLine[];
  customer: Pick<CustomerView, "sheets" | "asking" | "asked_at" | "failed"> &
    Partial<Pick<CustomerView, "earlier" | "n_earlier">>;
  suggestions: ReturnType<typeof suggestions>;
  canned: CannedView[];
  /** Whether the agent writes canned replies for others. */
  mayManage: boolean;
  faq: FaqEntryView[];
  health: HealthView;
  engine: EngineView;
  security: SecurityView;
  backups: BackupView;
  tickets: TicketData;
  metrics: MetricsData;
};

const YEAR = 365 * 24 * 3_600_000;

const me = {
  id: "0190d000-0000-7000-8000-000000000001",
  username: "wang.xiaotong",
  display_name: "王晓彤",
  role: "agent" as const,
  groups: ["售后一组"],
  presence: "online" as const,
  load: 8,
  capacity: 10,
};

export function sampleData(now: number): Data {
  return {
    session: { phase: "ready", me, server: "desk.lingxuan.example" },
    connection: {
      state: "online",
      pending: 1,
      refused: 0,
      conflicts: 0,
      since: now - 3_600_000,
      synced_at: now - 15_000,
      fetching: null,
    },
    settings: {
      theme: "system",
      locale: "zh-CN",
      notifications: "on",
      notification_content: "hidden",
    },
    rows: rows(now),
    canned: cannedReplies(),
    mayManage: true,
    messages: messages(now),
    older: older(now),
    security: {
      slots: [
        { kind: "keychain", created_at: now - YEAR / 4, works: true },
        { kind: "passphrase", created_at: now - YEAR / 6, works: true },
        { kind: "server", created_at: now - YEAR / 8, works: true },
      ],
      keyed_at: now - YEAR / 4,
      due_at: now + (3 * YEAR) / 4,
      checked_at: now - 7_200_000,
      rekey: "idle",
    },
    backups: {
      folder: "/home/xiaotong/.local/share/lingtai/backups",
      made_at: null,
      files: [],
      restore: "idle",
      former: null,
    },
    outbox: [
      {
        op_id: "0190c000-0000-7000-8000-000000000001",
        kind: "message.send",
        conversation_id: rows(now)[0]?.id ?? null,
        number: "C-10293",
        name: "张**",
        fields: [],
        seen_seq: 48,
        text: "收到，我马上查。",
        at: now - 20_000,
        refused: null,
      },
    ],
    conflicts: [],
    properties: {},
    stopped: [],
    routing: noOffers(),
    members: someMembers(now),
    people: somePeople(),
    surveys: someSurveys(),
    quality: someReviews(now),
    views: [],
    ticketViews: [],
    bell: bellOf(now),
    alerting: someAlerts(now),
    hours: null,
    drafts: {},
    thumbs: {},
    learned: [
      {
        faq_id: "F-0231",
        question: "退差价规则",
        text: "买完就降价了能退我差的钱吗",
        by: ["王晓彤", "李娜"],
        at: now - 3 * 86_400_000,
      },
    ],
    customer: {
      sheets: [
        {
          name: "物流",
          state: {
            kind: "known",
            facts: [
              { name: "状态", value: "正在运输途中" },
              { name: "位置", value: "杭州转运中心" },
              { name: "预计送达", value: "明天 18:00 前" },
            ],
            age_ms: 0,
          },
          at: now - 20_000,
          is_stale: false,
        },
        {
          name: "订单",
          state: {
            kind: "known",
            facts: [
              { name: "商品", value: "云栖电饭煲 4L" },
              { name: "实付", value: "¥299.00" },
            ],
            age_ms: 600_000,
          },
          at: now - 780_000,
          is_stale: true,
        },
      ],
      asking: false,
      asked_at: now - 20_000,
      failed: false,
    },
    suggestions: suggestions(),
    faq: entries(),
    health: { state: { kind: "idle" }, report: null, made_at: null, is_old: false },
    engine: engine(now),
    metrics: { asOf: now - 15_000, quiet: false },
    tickets: { rows: ticketRows(now), values: {}, events: {}, types: types() },
  };
}

export function makeFixture(now = Date.now(), change: Partial<Data> = {}): Fixture {
  const data = { ...sampleData(now), ...change };
  const calls: Calls = [];
  const refusals = new Map<CommandName, RpcError>();
  const held = new Map<CommandName, Promise<void>>();
  let listener: (event: UiEvent) => void = () => undefined;
  const emit = (event: UiEvent) => listener(event);
  const changed = (...tags: Tag[]) => queueMicrotask(() => emit({ kind: "changed", tags }));
  const find = (id: string) => {
    const found = data.rows.find((each) => each.id === id);
    if (!found) throw new RpcError("not_found", "no such conversation", false, "");
    return found;
  };
  const properties = (id: string) => data.properties[id] ?? noProperties();
  const settled = (found: ConversationRow): Commands["conversation.get"]["response"] => {
    const own = found.id === data.rows[0]?.id;
    const [sample] = data.messages;
    const alone = sample && {
      ...sample,
      id: `${found.id}-m`,
      seq: 1,
      author: found.last_author,
      text: found.last_text,
      at: found.last_at,
    };
    const list = own || !alone ? data.messages : [alone];
    return {
      row: found,
      contact: {
        id: "0190e000-0000-7000-8000-000000000001",
        name: found.name,
        value_tier: own ? "gold" : "normal",
        since: now - 90 * 86_400_000,
        conversations: own ? 5 : 1,
      },
      messages: list,
      has_older: own,
      last_seq: list.reduce((last, each) => Math.max(last, each.seq), 0),
      group: "售后一组",
      draft: data.drafts[found.id] ?? "",
      reply:
        found.status !== "open"
          ? { kind: "ended" }
          : found.handler.kind === "colleague"
            ? { kind: "held_by", name: found.handler.name }
            : found.handler.kind === "me"
              ? { kind: "allowed" }
              : { kind: "claims" },
      context: own
        ? {
            slots: [
              { slot: "order", text: "LX20********7213" },
              { slot: "amount", text: "约 ¥300" },
            ],
            tried: [
              { kind: "answered", question: "退款多久到账", live: false },
              { kind: "offered", questions: ["怎么申请退款", "退款退到哪里"] },
            ],
            failed_turns: 2,
          }
        : { slots: [], tried: [], failed_turns: 0 },
      properties: properties(found.id),
      stopped: own ? data.stopped : [],
      whispers: own ? data.people.whispers : [],
      whisper_draft: own ? data.people.whisper_draft : "",
      supervise: own
        ? data.people.supervise
        : { watches: false, may_whisper: false, may_answer: false },
      routing: routingOf(data, found),
      ...(data.hours && { hours: data.hours }),
    };
  };
  const replace = (id: string, change: Partial<ConversationRow>) => {
    data.rows = data.rows.map((each) => (each.id === id ? { ...each, ...change } : each));
    changed({ tag: "inbox" }, { tag: "conversation", id });
    return settled(find(id));
  };
  const customer = (id: string): CustomerView => {
    const others = data.rows.filter((each) => each.id !== id).slice(0, 3);
    return {
      earlier: others.map(
        ({ id: other, number, channel, status, category, last_text, last_at }) => {
          return { id: other, number, channel, status, category, last_text, at: last_at };
        },
      ),
      n_earlier: others.length,
      ...data.customer,
    };
  };
  const session = () => data.session;

  const handlers: Handlers = {
    "app.info": () => ({ version: "0.1.0", platform: "linux" }),
    "session.get": session,
    "session.login": ({ server, username }) => {
      const isOther = data.session.phase === "signed_out" && data.session.server !== server;
      // Another server knows another agent: what was kept for the one before is dropped.
      if (isOther) data.drafts = {};
      if (isOther) data.people.whisper_draft = "";
      const id = isOther ? "0190d000-0000-7000-8000-000000000002" : me.id;
      data.session = { phase: "ready", me: { ...me, id, username }, server };
      return data.session;
    },
    "session.unlock": () => {
      data.session = { phase: "ready", me, server: "desk.lingxuan.example" };
      return data.session;
    },
    "session.unlock_by_server": () => {
      data.session = { phase: "ready", me, server: "desk.lingxuan.example" };
      return data.session;
    },
    "session.lock": () => {
      if (!data.security.slots.some(({ kind }) => kind === "passphrase"))
        throw new RpcError("needs_passphrase", "no passphrase", false, "");
      data.session = {
        phase: "locked",
        account: "",
        by_passphrase: true,
        by_server: "desk.lingxuan.example",
      };
      return data.session;
    },
    "session.logout": () => {
      data.session = { phase: "signed_out", server: "desk.lingxuan.example", account: me.username };
      return data.session;
    },
    "presence.set": ({ presence }) => {
      if (data.session.phase === "ready")
        data.session = { ...data.session, me: { ...data.session.me, presence } };
      return data.session;
    },
    "connection.get": () => data.connection,
    "inbox.list": ({ scope, sort, offset, limit, filter }) => {
      const open = data.rows.filter((each) => each.status === "open");
      const parts = {
        mine: open.filter((each) => each.handler.kind === "me"),
        queue: open.filter((each) => each.handler.kind === "queue"),
        all: open,
        snoozed: data.rows.filter((each) => each.status === "snoozed"),
        resolved: data.rows.filter((each) => each.status === "resolved"),
      };
      const level = { urgent: 3, high: 2, normal: 1, low: 0 };
      const list = parts[scope].filter((row) => isLeft(row, filter));
      if (sort === "priority") list.sort((a, b) => level[b.priority] - level[a.priority]);
      return {
        offset,
        rows: list.slice(offset, offset + limit),
        total: list.length,
        counts: {
          mine: parts.mine.length,
          queue: parts.queue.length,
          all: open.length,
          snoozed: parts.snoozed.length,
          resolved: parts.resolved.length,
          unread: parts.mine.reduce((sum, each) => sum + each.unread, 0),
        },
      };
    },
    "conversation.get": ({ conversation_id }) => settled(find(conversation_id)),
    "conversation.messages": ({ conversation_id, place, limit }) => {
      const sampled = data.quality.threads[conversation_id];
      return pageOf(sampled ? { ...data, older: [], messages: sampled } : data, place, limit);
    },
    "conversation.find": ({ query }) => ({
      seqs: [...data.older, ...data.messages]
        .filter(({ seq, text }) => seq > 0 && text.includes(query))
        .map(({ seq }) => seq)
        .reverse(),
      or_more: false,
    }),
    "conversation.claim": ({ conversation_id }) => {
      const { offers } = data.routing;
      data.routing.offers = offers.filter((each) => each.row.id !== conversation_id);
      return replace(conversation_id, { handler: { kind: "me" } });
    },
    "conversation.resolve": ({ conversation_id }) =>
      replace(conversation_id, { status: "resolved", handler: { kind: "none" } }),
    "conversation.read": ({ conversation_id }) => {
      replace(conversation_id, { unread: 0 });
      return {};
    },
    "conversation.typing": () => ({}),
    "draft.save": ({ conversation_id, text }) => {
      data.drafts[conversation_id] = text;
      return {};
    },
    "message.send": ({ conversation_id, message_id, text }) => {
      const sent: MessageView = {
        id: message_id,
        seq: 0,
        author: "me",
        author_name: "",
        text,
        masked: [],
        event: null,
        source: null,
        delivery: "pending",
        op_id: message_id,
        refused: null,
        at: Date.now(),
      };
      if (conversation_id === data.rows[0]?.id) data.messages = [...data.messages, sent];
      data.drafts[conversation_id] = "";
      replace(conversation_id, {
        last_text: text,
        last_author: "me",
        waiting_since: null,
        due_at: null,
        pending: true,
        handler: { kind: "me" },
      });
      return sent;
    },
    ...fileHandlers(data, changed),
    ...teamworkHandlers(data, { find, settled, replace, changed }),
    ...peopleHandlers(data, { replace, changed }),
    ...surveyHandlers(data.surveys),
    ...qualityHandlers(data, changed),
    ...propertyHandlers(data, { find, settled, changed }),
    ...ticketHandlers(data, changed, now),
    ...metricsHandlers(data),
    ...routingHandlers(data, { replace, changed }),
    ...memberHandlers(data),
    "customer.get": ({ conversation_id }) => customer(conversation_id),
    "customer.refresh": ({ conversation_id }) => customer(conversation_id),
    "outbox.list": () => ({ items: data.outbox, conflicts: data.conflicts, healed: 0 }),
    "outbox.copy": ({ op_id }) => ({
      text: data.outbox.find((each) => each.op_id === op_id)?.text ?? "",
    }),
    "outbox.retry": ({ op_id }) => {
      data.outbox = data.outbox.map((each) =>
        each.op_id === op_id ? { ...each, refused: null } : each,
      );
      data.stopped = data.stopped.filter((each) => each.op_id !== op_id);
      data.messages = data.messages.map((each) =>
        each.op_id === op_id ? { ...each, delivery: "pending", refused: null } : each,
      );
      changed(
        { tag: "outbox" },
        ...data.rows.slice(0, 1).map(({ id }) => ({ tag: "conversation" as const, id })),
      );
      return {};
    },
    "outbox.discard": ({ op_id }) => {
      const id = data.rows[0]?.id;
      const gone = data.messages.find((each) => each.op_id === op_id);
      if (id && gone) data.drafts[id] = gone.text;
      data.outbox = data.outbox.filter((each) => each.op_id !== op_id);
      data.stopped = data.stopped.filter((each) => each.op_id !== op_id);
      data.messages = data.messages.filter((each) => each.op_id !== op_id);
      changed({ tag: "outbox" }, ...(id ? [{ tag: "conversation" as const, id }] : []));
      return {};
    },
    "assist.suggest": ({ conversation_id }) => {
      const own = conversation_id === data.rows[0]?.id;
      const found = find(conversation_id);
      return {
        for_seq: own ? 48 : 1,
        suggestions: own ? data.suggestions : [],
        intent: own ? "退款多久到账" : "",
        intent_confidence: own ? 0.94 : 0,
        category: found.category,
        priority: found.priority,
        reasons: own
          ? [
              { kind: "words", rule: "legal_threat", words: "12315", to: "urgent" },
              { kind: "words", rule: "money_missing", words: "一直没到账", to: "high" },
              { kind: "tier", tier: "gold", raised: false },
            ]
          : [],
        took_us: 900,
      };
    },
    "faq.search": ({ query }) => ({
      items: data.suggestions.filter(
        (each) => each.question.includes(query) || each.answer.includes(query),
      ),
    }),
    "learning.thumbs": ({ conversation_id }) =>
      data.thumbs[conversation_id] ?? { answers: [], suggestions: [] },
    "learning.thumb": ({ conversation_id, answer_id, faq_id, thumb }) => {
      const { answers, suggestions } = data.thumbs[conversation_id] ?? {
        answers: [],
        suggestions: [],
      };
      const view =
        answer_id === null
          ? {
              answers,
              suggestions: [
                ...suggestions.filter((each) => each.faq_id !== faq_id),
                { faq_id, thumb },
              ],
            }
          : {
              answers: [
                ...answers.filter((each) => each.message_id !== answer_id),
                { message_id: answer_id, thumb },
              ],
              suggestions,
            };
      data.thumbs[conversation_id] = view;
      return view;
    },
    "learned.list": ({ faq_id }) => ({
      rows: data.learned.filter((each) => faq_id === null || each.faq_id === faq_id),
    }),
    "learned.rule": () => ({}),
    "search.run": ({ query }) => ({ items: hits(data, query) }),
    "search.find": (args) => found(data, args),
    "assist.explain": ({ faq_id }) => explanation(faq_id),
    "faq.list": (args) => page(data.faq, args),
    "faq.get": ({ faq_id }) => {
      const found = data.faq.find((each) => each.faq_id === faq_id);
      if (!found) throw new RpcError("not_found", "no such entry", false, "");
      return found;
    },
    "health.get": () => data.health,
    "health.run": () => {
      data.health = { ...data.health, state: { kind: "running", done: 0, total: 0 } };
      queueMicrotask(() => {
        data.health = { state: { kind: "idle" }, report: report(), made_at: now, is_old: false };
        changed({ tag: "health" });
      });
      return data.health;
    },
    "health.stop": () => {
      data.health = { ...data.health, state: { kind: "stopped" } };
      return data.health;
    },
    "engine.get": () => data.engine,
    "engine.check": ({ synonyms }) => ({
      problems: synonyms.flatMap((group, at) =>
        group.length < 2 ? [{ kind: "group_too_short" as const, group: at + 1 }] : [],
      ),
    }),
    "engine.try": ({ draft }) => {
      const candidates = data.suggestions.map((suggestion) => ({
        suggestion,
        explanation: explanation(suggestion.faq_id),
      }));
      const same = JSON.stringify(draft) === JSON.stringify(data.engine.draft);
      return {
        now: { decision: { kind: "suggest" }, answer_from: 0.8, candidates: candidates.slice(1) },
        draft: same ? null : { decision: { kind: "answer" }, answer_from: 0.7, candidates },
      };
    },
    "engine.save": ({ draft }) => {
      const version = data.engine.version + 1;
      const made = {
        version,
        at: now,
        by: me.display_name,
        restored_from: null,
        n_groups: draft.synonyms.length,
        n_words: draft.dictionary.length,
        target: draft.target_permille,
      };
      queueMicrotask(() => {
        const history = [made, ...data.engine.history];
        data.engine = { ...data.engine, version, draft, history, saving: { kind: "settled" } };
        changed({ tag: "engine" });
      });
      data.engine = { ...data.engine, saving: { kind: "waiting" } };
      return data.engine;
    },
    "engine.restore": () => data.engine,
    "security.get": () => data.security,
    "security.passphrase": () => {
      const made = { kind: "passphrase" as const, created_at: now, works: true };
      const others = data.security.slots.filter((slot) => slot.kind !== "passphrase");
      data.security = { ...data.security, slots: [...others, made] };
      changed({ tag: "security" });
      return data.security;
    },
    "security.rekey": () => {
      data.security = { ...data.security, keyed_at: now, due_at: now + YEAR };
      changed({ tag: "security" });
      return data.security;
    },
    "backup.get": () => data.backups,
    "backup.make": ({ folder }) => {
      const name = "lingtai-wang.xiaotong-20261125-214233.ltbackup";
      const path = `${folder ?? data.backups.folder}/${name}`;
      const file = { path, name, n_bytes: 4_321_000, written_at: now };
      data.backups = { ...data.backups, made_at: now, files: [file, ...data.backups.files] };
      changed({ tag: "backup" });
      return file;
    },
    "backup.inspect": ({ path }) => {
      // The name of a file says whose it is.
      const is_foreign = path.includes("lingtai-lina-");
      const account = `${is_foreign ? "lina" : "wang.xiaotong"} · 聆选旗舰店`;
      return { made_at: now, n_bytes: 4_321_000, n_unsent: 2, account, is_foreign };
    },
    "backup.restore": () => {
      const { phase } = data.session;
      // The account of an open desk goes on in its session.
      if (phase === "fresh" || phase === "locked") {
        const account = "wang.xiaotong";
        data.session = { phase: "signed_out", server: "desk.example.com", account };
      }
      if (phase === "fresh") return { session: data.session, former: null };
      const former = "/home/xiaotong/.local/share/lingtai/former-20261125-220145";
      data.backups = { ...data.backups, former };
      return { session: data.session, former };
    },
    ...viewHandlers(data),
    ...alertHandlers(data, changed, now),
    "settings.get": () => data.settings,
    "settings.set": (settings) => {
      data.settings = settings;
      return settings;
    },
  };

  return {
    data,
    calls,
    emit,
    refuse: (name, error) => void refusals.set(name, error),
    hold(name) {
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      held.set(name, released);
      return release;
    },
    async rpc(name, args) {
      calls.push({ name, args });
      const refusal = refusals.get(name);
      if (refusal) {
        refusals.delete(name);
        throw refusal;
      }
      const answer = handlers[name](args);
      const released = held.get(name);
      held.delete(name);
      await released;
      return answer;
    },
    async subscribe(onEvent) {
      listener = onEvent;
    },
  };
}

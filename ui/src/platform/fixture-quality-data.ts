import type { AutoCheck } from "@/ipc/generated/AutoCheck";
import type { FormDraft } from "@/ipc/generated/FormDraft";
import type { FormItem } from "@/ipc/generated/FormItem";
import type { ItemMark } from "@/ipc/generated/ItemMark";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { QaFinding } from "@/ipc/generated/QaFinding";
import type { QaMark } from "@/ipc/generated/QaMark";
import type { QaScore } from "@/ipc/generated/QaScore";
import type { QaView } from "@/ipc/generated/QaView";
import type { SampleDraft } from "@/ipc/generated/SampleDraft";
import type { SampleReason } from "@/ipc/generated/SampleReason";

/** Development and tests only: reviews of the sample desk. Nobody in here is real. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const FORM_ID = "0190f100-0000-7000-8000-000000000001";
export const GROUP = { id: "0190f200-0000-7000-8000-000000000001", name: "售后一组" };
const ME = { id: "0190d000-0000-7000-8000-000000000001", name: "王晓彤" };
const LI = { id: "0190d000-0000-7000-8000-000000000002", name: "李娜" };
const ZHAO = { id: "0190d000-0000-7000-8000-000000000003", name: "赵敏" };
const LEAD = { agent: "0190d000-0000-7000-8000-000000000009", name: "周组长" };
const CONVERSATION = "0190a100-0000-7000-8000-000000000001";

const item = (
  id: string,
  part: string,
  name: string,
  hint: string,
  weight: number | "veto",
  auto: AutoCheck | null = null,
): FormItem => ({
  id,
  part,
  name,
  hint,
  kind: weight === "veto" ? { kind: "veto" } : { kind: "points", weight },
  auto,
});

export const form = (): FormDraft => ({
  name: "在线客服通用评分表",
  enabled: true,
  pass_tenths: 800,
  items: [
    item("greeting", "服务规范", "开场问候", "接入后先问候客户并表明可以提供帮助", 10, {
      kind: "greeting",
      words: ["您好", "你好", "欢迎"],
    }),
    item("response", "服务规范", "响应及时", "客户发言后 90 秒内回复", 20, {
      kind: "gaps",
      within_s: 90,
    }),
    item("wording", "服务规范", "用语文明", "称呼得体、语气友好，不反问、不推诿", 15, {
      kind: "forbidden",
      words: ["不知道", "没办法", "随便你"],
      each: 5,
    }),
    item("understanding", "解决能力", "需求理解", "准确理解客户问题，必要时追问确认", 20),
    item("correctness", "解决能力", "答案准确", "答复与知识库、政策一致，没有误导", 25),
    item("promise", "解决能力", "承诺有据", "不做超出权限或无法兑现的承诺", 10, {
      kind: "promises",
      words: ["保证", "一定能"],
      each: 5,
    }),
    item("abuse", "红线", "辱骂或讽刺客户", "出现辱骂、讽刺、威胁客户的言语", "veto", {
      kind: "forbidden",
      words: ["闭嘴", "有病吧"],
      each: 0,
    }),
    item("privacy", "红线", "泄露客户信息", "向他人透露客户的订单、电话、地址等信息", "veto"),
  ],
});

const full = ({ kind }: FormItem): QaMark =>
  kind.kind === "veto" ? { kind: "veto", hit: false } : { kind: "points", points: kind.weight };

const marked = (change: Record<string, number | "out" | "hit" | [number, string]>): ItemMark[] =>
  form().items.map((each) => {
    const to = change[each.id];
    const [value, comment] = Array.isArray(to) ? to : [to, ""];
    const mark: QaMark =
      value === undefined
        ? full(each)
        : value === "out"
          ? { kind: "not_applicable" }
          : value === "hit"
            ? { kind: "veto", hit: true }
            : { kind: "points", points: value };
    return { item: each.id, mark, comment };
  });

/** What marks come to: points out of those that count, in tenths of a hundred. */
export function scoreOf({ items, pass_tenths }: FormDraft, marks: readonly ItemMark[]): QaScore {
  let got = 0;
  let all = 0;
  for (const { id, kind } of items) {
    const mark = marks.find((each) => each.item === id)?.mark;
    if (mark?.kind === "veto" && mark.hit) return { tenths: 0, verdict: "vetoed" };
    if (kind.kind !== "points" || mark?.kind !== "points") continue;
    got += mark.points;
    all += kind.weight;
  }
  const tenths = all === 0 ? 1_000 : Math.round((got / all) * 1_000);
  return { tenths, verdict: tenths >= pass_tenths ? "passed" : "failed" };
}

const random = {
  rule_id: "0190f300-0000-7000-8000-000000000001",
  name: "随机抽检 3%",
  why: { kind: "random" },
} satisfies SampleReason;
const lowMark = {
  rule_id: "0190f300-0000-7000-8000-000000000002",
  name: "低满意度必检",
  why: { kind: "low_mark", mark: 2 },
} satisfies SampleReason;
const word = {
  rule_id: "0190f300-0000-7000-8000-000000000004",
  name: "客诉敏感词",
  why: { kind: "word", word: "12315" },
} satisfies SampleReason;
const long = {
  rule_id: "0190f300-0000-7000-8000-000000000003",
  name: "超长会话",
  why: { kind: "long", messages: 72, minutes: 95 },
} satisfies SampleReason;

const finding = (id: string, seq: number, what: QaFinding["what"]): QaFinding => ({
  item: id,
  message_id: `0190b100-0000-7000-8000-${String(seq).padStart(12, "0")}`,
  seq,
  what,
});
const FOUND: QaFinding[] = [
  finding("response", 6, { kind: "late", waited_s: 205 }),
  finding("response", 9, { kind: "late", waited_s: 120 }),
  finding("wording", 6, { kind: "word", word: "没办法" }),
  finding("promise", 9, { kind: "word", word: "保证" }),
];

type More = {
  agent?: typeof ME;
  reasons?: SampleReason[];
  mark?: number | null;
  agoH?: number;
  pre?: Parameters<typeof marked>[0];
  findings?: QaFinding[];
  scored?: { marks: Parameters<typeof marked>[0]; comment: string; agoH: number };
  appeal?: QaView["appeal"];
  calibrations?: QaView["calibrations"];
};

function review(now: number, n: number, more: More): QaView {
  const { agent = LI, reasons = [random], mark = null, agoH = n * 3, findings = [] } = more;
  const draft = form();
  const pre = marked(more.pre ?? {});
  const scored = more.scored && {
    by: { ...LEAD, at: now - more.scored.agoH * HOUR },
    marks: marked(more.scored.marks),
    score: scoreOf(draft, marked(more.scored.marks)),
    comment: more.scored.comment,
  };
  const decision = more.appeal?.decision;
  return {
    row: {
      id: `0190f000-0000-7000-8000-00000000000${n}`,
      conversation_id: CONVERSATION,
      number: `C-100${20 + n}`,
      agent_id: agent.id,
      agent: agent.name,
      group: GROUP.name,
      reasons,
      mark,
      state: !scored ? "open" : !more.appeal ? "done" : decision ? "decided" : "appealed",
      form: draft.name,
      pre: scoreOf(draft, pre),
      n_findings: findings.length,
      score: decision?.changed?.score ?? scored?.score ?? null,
      reviewer: scored ? LEAD.name : "",
      sampled_at: now - agoH * HOUR,
      ended_at: now - agoH * HOUR - 20 * MINUTE,
      scored_at: scored?.by.at ?? null,
      n_calibrations: more.calibrations?.length ?? 0,
      is_pending: false,
    },
    form: { id: FORM_ID, edition: 1, draft },
    pre: { marks: pre, score: scoreOf(draft, pre), findings },
    scored: scored ?? null,
    appeal: more.appeal ?? null,
    calibrations: more.calibrations ?? [],
    appeal_until: scored ? scored.by.at + 7 * DAY : null,
    may_score: false,
    may_calibrate: false,
    may_appeal: false,
    may_decide: false,
  };
}

export const reviews = (now: number): QaView[] => [
  review(now, 1, {
    reasons: [lowMark, word],
    mark: 2,
    pre: { response: 7, wording: 10, promise: 5 },
    findings: FOUND,
  }),
  review(now, 2, { agent: ZHAO, agoH: 5 }),
  review(now, 3, {
    agent: ZHAO,
    reasons: [long],
    pre: { greeting: 0 },
    findings: [finding("greeting", 3, { kind: "no_greeting" })],
  }),
  review(now, 4, {
    agoH: 30,
    pre: { response: 7 },
    findings: FOUND.slice(0, 2),
    scored: {
      marks: { response: 7, correctness: [15, "退差价时效说成了 3 天，应为 3 到 5 个工作日"] },
      comment: "解释清楚，但时效说错了一次。",
      agoH: 26,
    },
    appeal: {
      text: "当时活动页写的就是 3 天，截图已发给组长。",
      at: now - 4 * HOUR,
      decision: null,
    },
  }),
  review(now, 5, {
    agent: ZHAO,
    agoH: 50,
    scored: {
      marks: { understanding: 15, promise: "out" },
      comment: "",
      agoH: 40,
    },
    calibrations: [
      {
        scored: {
          by: { agent: "0190d000-0000-7000-8000-000000000008", name: "刘洋", at: now - 20 * HOUR },
          marks: marked({ understanding: 20, promise: "out", wording: 10 }),
          score: scoreOf(form(), marked({ understanding: 20, promise: "out", wording: 10 })),
          comment: "客户第二句已经把问题说全了，不必再追问。",
        },
        apart_tenths: 0,
        items: [
          {
            item: "understanding",
            first: { kind: "points", points: 15 },
            other: { kind: "points", points: 20 },
            points: 5,
          },
          {
            item: "wording",
            first: { kind: "points", points: 15 },
            other: { kind: "points", points: 10 },
            points: -5,
          },
        ],
        n_same: 6,
      },
    ],
  }),
  review(now, 6, {
    agent: ME,
    reasons: [lowMark],
    mark: 2,
    agoH: 28,
    pre: { response: 7, wording: 10, promise: 5 },
    findings: FOUND,
    scored: {
      marks: { response: 10, wording: 10, promise: [5, "没有权限答应当天到账"] },
      comment: "态度很好；没有把握的时效先查再说。",
      agoH: 20,
    },
  }),
  review(now, 7, {
    agent: ME,
    agoH: 80,
    scored: { marks: { greeting: [5, "没有自报姓名"] }, comment: "", agoH: 72 },
    appeal: {
      text: "开头一句已经说了「我是客服晓彤」。",
      at: now - 60 * HOUR,
      decision: {
        by: { ...LEAD, at: now - 50 * HOUR },
        reason: "核对原话，确有自报姓名，改回满分。",
        changed: { marks: marked({}), score: scoreOf(form(), marked({})) },
      },
    },
  }),
];

export const rules = (): { id: string; draft: SampleDraft }[] => [
  {
    id: random.rule_id,
    draft: rule(random.name, { kind: "random", permille: 30 }),
  },
  { id: lowMark.rule_id, draft: rule(lowMark.name, { kind: "low_mark", at_most: 2 }) },
  {
    id: long.rule_id,
    draft: { ...rule(long.name, { kind: "long", messages: 60, minutes: 60 }), enabled: false },
  },
  {
    id: word.rule_id,
    draft: rule(word.name, {
      kind: "words",
      words: ["12315", "消协", "投诉你", "曝光"],
      by: "customer",
    }),
  },
];

const rule = (name: string, by: SampleDraft["by"]): SampleDraft => ({
  name,
  enabled: true,
  group_id: null,
  form_id: FORM_ID,
  by,
});

const said = (
  now: number,
  seq: number,
  agoMin: number,
  author: MessageView["author"],
  text: string,
): MessageView => ({
  id: `0190b100-0000-7000-8000-${String(seq).padStart(12, "0")}`,
  seq,
  author,
  author_name: author === "colleague" ? LI.name : "",
  text,
  masked: [],
  event: null,
  source: null,
  delivery: "read",
  op_id: null,
  refused: null,
  at: now - 200 * MINUTE - agoMin * MINUTE,
});

/** What was said in the conversation that was sampled. */
export const thread = (now: number): Record<string, MessageView[]> => ({
  [CONVERSATION]: [
    said(now, 1, 30, "customer", "双十一买的羽绒服今天降了 60，退差价申请三天了还没到账"),
    said(now, 2, 29, "bot", "您好，退差价审核通过后原路退回，一般 3 到 5 个工作日到账。"),
    said(now, 3, 28, "colleague", "您好，我是客服李娜，正在为您查询退款进度，请稍等。"),
    said(now, 4, 27, "customer", "快点查，我用的是微信支付"),
    said(now, 5, 25, "customer", "人呢？再拖我就打 12315 了"),
    said(now, 6, 22, "colleague", "系统今天有点慢，我也没办法，您再等等。"),
    said(now, 7, 20, "customer", "你们这是什么态度"),
    said(now, 8, 18, "customer", "到底什么时候能到账？"),
    said(now, 9, 16, "colleague", "抱歉让您久等了，我保证今天就给您退到微信零钱。"),
    said(now, 10, 14, "customer", "好，那我等着"),
    said(now, 11, 13, "colleague", "感谢您的理解，祝您生活愉快，再见。"),
  ],
});

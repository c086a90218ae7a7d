import type { EngineView } from "@/ipc/generated/EngineView";
import type { ExplanationView } from "@/ipc/generated/ExplanationView";
import type { FaqEntryView } from "@/ipc/generated/FaqEntryView";
import type { FaqListArgs } from "@/ipc/generated/FaqListArgs";
import type { FaqPage } from "@/ipc/generated/FaqPage";
import type { HealthReport } from "@/ipc/generated/HealthReport";

/** Development and tests only: sample knowledge, a report on it, and the engine's settings. */

const entry = (n: number, change: Partial<FaqEntryView>): FaqEntryView => ({
  faq_id: `F-${String(n).padStart(4, "0")}`,
  version: 3,
  business_line: "服饰",
  category: "退换退款",
  question: "",
  similar: [],
  answer: "请在订单页提交申请，审核通过后原路退回。",
  published_at: 1_790_000_000_000,
  ...change,
});

export const entries = (): FaqEntryView[] => [
  entry(231, {
    question: "退差价规则",
    similar: ["刚买就降价了能退差价吗", "双十一价保多少天", "价保怎么申请", "降价了给补吗"],
    answer:
      "订单签收后 15 天内，同款商品降价可以退差价。\n申请路径：我的订单，价保记录，申请退差价。",
  }),
  entry(187, {
    question: "退款多久到账",
    similar: ["退款要几天", "钱什么时候退回来", "退款到哪里", "微信退款多久", "退款进度怎么查"],
    answer: "审核通过后，微信支付 1 到 3 个工作日原路退回，以银行到账时间为准。",
  }),
  entry(244, { question: "差价退款进度怎么查", similar: ["差价退到哪了"] }),
  entry(12, {
    question: "满多少包邮",
    category: "物流配送",
    similar: ["包邮吗", "运费怎么算", "邮费多少", "几件包邮", "偏远地区包邮吗"],
    answer: "单笔满 99 元包邮，偏远地区除外。",
  }),
  entry(301, {
    question: "会员积分怎么兑换",
    business_line: "会员",
    category: "积分",
    similar: ["积分能换什么"],
    answer: "",
  }),
];

export function page(all: readonly FaqEntryView[], args: FaqListArgs): FaqPage {
  const { query, business_line, category } = args;
  const rows = all.filter(
    (each) =>
      (business_line === null || each.business_line === business_line) &&
      (category === null || each.category === category) &&
      [each.faq_id, each.question, each.answer, ...each.similar].some((text) =>
        text.includes(query),
      ),
  );
  const names = [...new Set(all.map((each) => each.business_line))];
  return {
    rows: rows.map(({ faq_id, question, business_line, category, similar }) => ({
      faq_id,
      question,
      business_line,
      category,
      n_similar: similar.length,
    })),
    total: rows.length,
    lines: names.map((name) => {
      const own = all.filter((each) => each.business_line === name);
      const categories = [...new Set(own.map((each) => each.category))];
      return {
        name,
        n: own.length,
        categories: categories.map((category) => ({
          name: category,
          n: own.filter((each) => each.category === category).length,
        })),
      };
    }),
  };
}

const ref = (faq_id: string, question: string) => ({ faq_id, question });

export const report = (): HealthReport => ({
  n_entries: 1284,
  n_wordings: 7310,
  held_out: { n_folds: 5, n_entries: 1284, n_asked: 7310, n_own: 5702, is_sample: false },
  counts: [
    { kind: "no_answer", n: 1 },
    { kind: "near_question", n: 1 },
    { kind: "confusable", n: 2 },
    { kind: "few_similar", n: 2 },
  ],
  findings: [
    {
      kind: "no_answer",
      entries: [ref("F-0301", "会员积分怎么兑换")],
      examples: [],
      n: 0,
    },
    {
      kind: "near_question",
      entries: [ref("F-0231", "退差价规则"), ref("F-0244", "差价退款进度怎么查")],
      examples: [{ text: "价保怎么申请", of: "F-0231", to: "F-0244", other: "价保如何申请" }],
      n: 1,
    },
    {
      kind: "confusable",
      entries: [ref("F-0187", "退款多久到账"), ref("F-0244", "差价退款进度怎么查")],
      examples: [
        { text: "退款进度怎么查", of: "F-0187", to: "F-0244", other: "" },
        { text: "差价退到哪了", of: "F-0244", to: "F-0187", other: "" },
      ],
      n: 4,
    },
    {
      kind: "confusable",
      entries: [ref("F-0012", "满多少包邮"), ref("F-0231", "退差价规则")],
      examples: [{ text: "运费怎么算", of: "F-0012", to: "F-0231", other: "" }],
      n: 2,
    },
    {
      kind: "few_similar",
      entries: [ref("F-0244", "差价退款进度怎么查")],
      examples: [{ text: "差价退到哪了", of: "F-0244", to: "", other: "" }],
      n: 1,
    },
    {
      kind: "few_similar",
      entries: [ref("F-0301", "会员积分怎么兑换")],
      examples: [{ text: "积分能换什么", of: "F-0301", to: "", other: "" }],
      n: 1,
    },
  ],
});

const POINTS = [
  [300, 862, 792],
  [400, 884, 768],
  [500, 906, 731],
  [600, 925, 684],
  [700, 941, 622],
  [800, 958, 541],
  [850, 967, 488],
  [900, 976, 402],
  [950, 985, 268],
  [990, 991, 104],
] as const;

export function engine(now: number): EngineView {
  const points = POINTS.map(([threshold, precision, coverage]) => ({
    threshold,
    precision,
    coverage,
  }));
  const last = { threshold: 990, precision: 991, coverage: 104 };
  const point = (target: number) => points.find(({ precision }) => precision >= target);
  const version = (n: number, ago: number) => ({
    version: n,
    at: now - ago,
    by: "赵敏",
    restored_from: null,
    n_groups: n,
    n_words: 2,
    target: n === 2 ? 950 : null,
  });
  return {
    version: 2,
    draft: {
      synonyms: [
        ["提货卡", "鲜卡", "小绿票"],
        ["星享会员", "VIP会员"],
      ],
      dictionary: ["鲜生活", "星享卡"],
      target_permille: 950,
    },
    history: [version(2, 3_600_000), version(1, 90_000_000)],
    curve: { source: "shipped", n: 5240, points },
    answer_from: 800,
    now: points[5] ?? null,
    targets: Array.from({ length: 40 }, (_, at) => {
      const target = 800 + at * 5;
      const reached = point(target);
      return { target, point: reached ?? last, is_reached: reached !== undefined };
    }),
    saving: { kind: "settled" },
  };
}

export const explanation = (faq_id: string): ExplanationView => ({
  faq_id,
  grounds: [
    { ground: "meaning", share: 0.46 },
    { ground: "words", share: 0.31 },
    { ground: "trained", share: 0.17 },
    { ground: "context", share: 0.06 },
    { ground: "sound", share: 0.004 },
  ],
  matches: [
    { asked: "退钱", found: "退款", kind: "concept" },
    { asked: "多久", found: "多久", kind: "same" },
    { asked: "到账", found: "到账", kind: "same" },
  ],
});

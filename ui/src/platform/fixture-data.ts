import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { Suggestion } from "@/ipc/generated/Suggestion";

/** Sample people, words and answers for development and tests. Nobody in here is real. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const row = (now: number, n: number, change: Partial<ConversationRow>): ConversationRow => ({
  id: `0190a000-0000-7000-8000-${String(n).padStart(12, "0")}`,
  number: `C-${10293 + n}`,
  name: "",
  channel: "web",
  status: "open",
  handler: { kind: "me" },
  priority: "normal",
  category: "",
  last_text: "",
  last_author: "customer",
  last_at: now - n * MINUTE,
  waiting_since: null,
  due_at: null,
  unread: 0,
  pending: false,
  conflict: false,
  ...change,
});

const waits = (now: number, waited: number, promise: number) => ({
  waiting_since: now - waited * SECOND,
  due_at: now + (promise - waited) * SECOND,
});

export const rows = (now: number): ConversationRow[] => [
  row(now, 0, {
    name: "张**",
    channel: "wecom_kf",
    priority: "urgent",
    category: "售后/退款",
    last_text: "那退款多久能到账？我用的是微信支付",
    unread: 2,
    pending: true,
    ...waits(now, 134, 170),
  }),
  row(now, 1, {
    name: "陈**",
    channel: "wecom_kf",
    priority: "high",
    category: "物流/签收",
    last_text: "包裹显示签收了，可我根本没收到",
    unread: 3,
    ...waits(now, 228, 180),
  }),
  row(now, 2, {
    name: "李**",
    category: "活动/价保",
    last_text: "双十一的价保能保多少天呀",
    unread: 1,
    ...waits(now, 97, 210),
  }),
  row(now, 3, {
    name: "周**",
    channel: "wecom_kf",
    category: "售前/尺码",
    last_text: "M 码和 L 码肩宽差多少？我 168",
    ...waits(now, 58, 180),
  }),
  row(now, 4, {
    name: "赵**",
    channel: "voice",
    priority: "high",
    category: "投诉",
    last_text: "来电转写：我要投诉，客服态度太差",
    ...waits(now, 40, 180),
  }),
  row(now, 5, {
    name: "吴**",
    channel: "wecom_kf",
    last_text: "已为您催促物流，预计明天送达",
    last_author: "me",
  }),
  row(now, 6, {
    name: "孙**",
    channel: "email",
    last_text: "发票已重新开具，请查收附件",
    last_author: "me",
  }),
  row(now, 7, { last_text: "麻烦提供一下破损处的照片", last_author: "me" }),
  row(now, 8, {
    name: "王**",
    channel: "wecom_kf",
    last_text: "换货地址已改到 138****0921",
    last_author: "me",
  }),
  row(now, 9, { name: "冯**", channel: "wecom_kf", last_text: "好的，我晚点拍给你" }),
  row(now, 10, { name: "褚**", last_text: "优惠券已补发到账户，请刷新看看", last_author: "me" }),
  row(now, 11, {
    name: "卫**",
    handler: { kind: "queue" },
    category: "售后/换货",
    last_text: "鞋子小了半码，能换 39 吗",
    ...waits(now, 200, 300),
  }),
  row(now, 12, {
    name: "蒋**",
    channel: "wechat_oa",
    handler: { kind: "queue" },
    priority: "high",
    last_text: "转人工，机器人答不到点上",
    ...waits(now, 75, 300),
  }),
  row(now, 13, {
    handler: { kind: "queue" },
    last_text: "预售的书柜什么时候到仓",
    ...waits(now, 30, 300),
  }),
  row(now, 14, {
    name: "韩**",
    handler: { kind: "colleague", name: "李娜" },
    last_text: "好，那我等你消息",
    ...waits(now, 20, 180),
  }),
  row(now, 15, { name: "杨**", handler: { kind: "bot" }, last_text: "今天拍今天能发吗" }),
  row(now, 16, {
    name: "朱**",
    status: "snoozed",
    last_text: "我周六到家再看",
    last_at: now - 26 * 60 * MINUTE,
  }),
];

const message = (
  now: number,
  seq: number,
  ago: number,
  change: Partial<MessageView>,
): MessageView => ({
  id: `0190b000-0000-7000-8000-${String(seq).padStart(12, "0")}`,
  seq,
  author: "customer",
  author_name: "",
  text: "",
  masked: [],
  event: null,
  source: null,
  delivery: "delivered",
  op_id: null,
  refused: null,
  at: now - ago * SECOND,
  ...change,
});

export const messages = (now: number): MessageView[] => [
  message(now, 41, 400, { text: "你好，9 号买的羽绒服今天便宜了 60，能退差价吗？" }),
  message(now, 42, 395, {
    author: "bot",
    text: "您好，双十一订单签收后 15 天内降价可退差价，原路退回。已查到您的订单符合条件，要现在为您申请吗？",
    source: { faq_id: "F-0231", version: 7, question: "退差价规则", confidence: 0.96 },
  }),
  message(now, 43, 290, { text: "我上周就申请了，一直没到账！再拖我打 12315，转人工" }),
  message(now, 44, 285, {
    author: "system",
    event: { event: "handed_over", group: "售后一组", reason: "asked" },
  }),
  message(now, 45, 240, { author: "system", event: { event: "claimed", agent: "王晓彤" } }),
  message(now, 46, 230, {
    author: "me",
    text: "张女士您好，我是客服晓彤。差价申请我看到了，正在核对退款进度，请稍等一下。",
    delivery: "read",
  }),
  message(now, 47, 150, { text: "手机号 138****5678，你查一下", masked: [{ start: 4, end: 15 }] }),
  message(now, 48, 134, { text: "那退款多久能到账？我用的是微信支付" }),
  {
    ...message(now, 0, 20, {
      author: "me",
      text: "收到，我马上查。",
      delivery: "pending",
      op_id: "0190c000-0000-7000-8000-000000000001",
    }),
    id: "0190b000-0000-7000-8000-0000000000aa",
  },
];

/** Older messages of the first conversation, `seq` 1 to 40. */
export const older = (now: number): MessageView[] =>
  Array.from({ length: 40 }, (_, at) => {
    const seq = at + 1;
    const ago = 3 * 24 * 3_600 - at * 90;
    return seq % 2 === 1
      ? message(now, seq, ago, {
          text:
            [
              "在吗",
              "我的包裹到哪里了",
              "满多少免运费",
              "身高 165 体重 110 斤穿什么码",
              "好的谢谢",
            ][at % 5] ?? "",
        })
      : message(now, seq, ago, {
          author: "bot",
          text: "可在「我的订单」里查看物流轨迹，揽收后一般 2 到 4 天送达。",
          source: { faq_id: "F-0053", version: 2, question: "怎么查物流", confidence: 0.91 },
        });
  });

const span = (text: string, word: string) => ({
  start: text.indexOf(word),
  end: text.indexOf(word) + word.length,
});
const answer = (
  text: string,
  question: string,
  rest: Omit<Suggestion, "answer" | "question" | "answer_marks" | "question_marks">,
  words: string[],
): Suggestion => ({
  ...rest,
  question,
  answer: text,
  question_marks: words
    .filter((word) => question.includes(word))
    .map((word) => span(question, word)),
  answer_marks: words.filter((word) => text.includes(word)).map((word) => span(text, word)),
});

export const suggestions = (): Suggestion[] => [
  answer(
    "微信支付的退款审核通过后 1–3 个工作日原路退回零钱，银行卡 3–5 个工作日。到账后微信会发「退款到账通知」。",
    "退款多久到账",
    {
      faq_id: "F-0187",
      version: 4,
      category: "售后 / 退款",
      business_line: "聆选旗舰店",
      confidence: 0.93,
    },
    ["微信支付", "退款", "多久", "到账"],
  ),
  answer(
    "「我的订单」里点「价保记录」，可看到审核、打款、到账三步；打款后超过 3 个工作日请联系我们。",
    "差价退款进度怎么查",
    {
      faq_id: "F-0244",
      version: 2,
      category: "售后 / 退款",
      business_line: "聆选旗舰店",
      confidence: 0.81,
    },
    ["退款", "到账"],
  ),
  answer(
    "大促订单签收后 15 天内同款降价可申请退差价，差额原路退回。",
    "退差价规则",
    {
      faq_id: "F-0231",
      version: 7,
      category: "活动 / 价保",
      business_line: "聆选旗舰店",
      confidence: 0.58,
    },
    [],
  ),
];

import type { TicketField } from "@/ipc/generated/TicketField";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketState } from "@/ipc/generated/TicketState";
import type { TicketType } from "@/ipc/generated/TicketType";

/** Development and tests only: sample tickets. Nobody in here is real. */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const GROUPS = {
  after: { id: "0190f000-0000-7000-8000-000000000001", name: "售后组" },
  parcels: { id: "0190f000-0000-7000-8000-000000000002", name: "物流组" },
  money: { id: "0190f000-0000-7000-8000-000000000003", name: "财务组" },
} as const;

const field = (key: string, label: string, change: Partial<TicketField>): TicketField => ({
  key,
  label,
  kind: { kind: "text" },
  required: "no",
  hint: "",
  source: null,
  ...change,
});
const targets = { low: 240, normal: 120, high: 60, urgent: 20 };
const type = (n: number, name: string, fields: TicketField[]): TicketType => ({
  id: `0190f100-0000-7000-8000-00000000000${n}`,
  version: 1,
  name,
  description: "",
  group_id: GROUPS.after.id,
  path: [GROUPS.money.id],
  priority: "normal",
  fields,
  sla: {
    hours: null,
    first_response: targets,
    next_response: targets,
    resolution: { low: 2_880, normal: 1_440, high: 720, urgent: 240 },
    warn_percent: 80,
  },
  words: [],
  active: true,
});

export const types = (): TicketType[] => [
  type(1, "账单争议", [
    field("order", "订单号", { kind: { kind: "order" }, source: "order" }),
    field("dispute", "争议", {
      kind: { kind: "choice", options: ["重复扣款", "金额不符", "退款未到账", "发票有误"] },
      required: "create",
    }),
    field("amount", "争议金额", { kind: { kind: "money" }, required: "create", source: "amount" }),
    field("detail", "情况说明", { kind: { kind: "long_text" } }),
    field("serial", "流水号", { required: "resolve", hint: "财务填写，完成前必填" }),
  ]),
  type(2, "物流查件", [
    field("tracking", "运单号", { kind: { kind: "tracking" }, required: "create" }),
    field("problem", "问题", {
      kind: { kind: "choice", options: ["物流停滞", "显示签收未收到", "包裹破损"] },
      required: "create",
    }),
    field("phone", "收货电话", { kind: { kind: "phone" }, source: "phone" }),
  ]),
  type(3, "售后退换", [
    field("order", "订单号", { kind: { kind: "order" }, required: "create", source: "order" }),
    field("reason", "原因", {
      kind: { kind: "choice", options: ["质量问题", "尺码不合适", "发错货", "少件漏发"] },
      required: "create",
    }),
    field("risk", "风险", { kind: { kind: "choices", options: ["12315", "媒体曝光"] } }),
    field("promised", "承诺日期", { kind: { kind: "date" } }),
    field("callback", "需要回电", { kind: { kind: "yes_no" } }),
  ]),
];

const NEXT: Record<TicketState, TicketState[]> = {
  new: ["open", "pending_customer", "on_hold", "resolved", "cancelled"],
  open: ["pending_customer", "on_hold", "resolved", "cancelled"],
  pending_customer: ["open", "on_hold", "resolved", "cancelled"],
  on_hold: ["open", "pending_customer", "resolved", "cancelled"],
  resolved: ["open", "closed"],
  closed: [],
  cancelled: [],
};
export const movesFrom = (state: TicketState): TicketState[] => NEXT[state];

type Made = [
  number: number,
  state: TicketState,
  title: string,
  customer: string,
  minutesLeft: number | null,
  change?: Partial<TicketRow>,
];
const MADE: Made[] = [
  [831, "new", "快递破损，客户要求换货并补差价", "刘**", 420, { priority: "high" }],
  [830, "new", "发票抬头开错，需要红冲重开", "孙**", 1_500],
  [828, "new", "修改收货地址，包裹已到上海转运中心", "何**", 200],
  [825, "new", "同一订单重复扣款，核对银行流水", "许**", 365],
  [
    817,
    "open",
    "退差价 60 元逾期未到账，客户提到 12315",
    "张**",
    42,
    { priority: "urgent", mine: true, assignee: "王晓彤" },
  ],
  [
    812,
    "open",
    "显示签收但客户没收到，核实驿站底单",
    "陈**",
    -18,
    { priority: "high", assignee: "赵海" },
  ],
  [809, "open", "七天无理由退货，等仓库验货", "周**", 310, { assignee: "李倩" }],
  [806, "open", "赠品漏发，补寄加绒手套一双", "钱**", 560, { mine: true, assignee: "王晓彤" }],
  [801, "open", "物流停滞 3 天，催派送并回访", "吴**", 125, { assignee: "赵海", awaited: true }],
  [
    803,
    "pending_customer",
    "袖口开线，等客户补拍照片",
    "郑**",
    null,
    { mine: true, assignee: "王晓彤" },
  ],
  [798, "pending_customer", "换货地址待客户确认", "王**", null, { assignee: "李娜" }],
  [774, "on_hold", "米白 S 码补货后通知客户", "冯**", null, { priority: "low", assignee: "李娜" }],
  [760, "resolved", "优惠券未到账，已补发", "沈**", null, { assignee: "王晓彤", mine: true }],
  [742, "closed", "少发一件，已补寄", "褚**", null, { assignee: "李娜" }],
];

export const ticketRows = (now: number): TicketRow[] =>
  MADE.map(([number, state, title, customer, minutes, change], place) => {
    const paused = state === "pending_customer" || state === "on_hold";
    const due_at = minutes === null ? null : now + minutes * MINUTE;
    const [first] = types();
    return {
      id: `0190f200-0000-7000-8000-${String(number).padStart(12, "0")}`,
      number: `T-${String(number).padStart(5, "0")}`,
      title,
      type_id: first?.id ?? "",
      type_name: first?.name ?? "",
      state,
      priority: "normal",
      department_id: GROUPS.after.id,
      department: GROUPS.after.name,
      path: [
        { department: GROUPS.after.name, at: "now" },
        { department: GROUPS.money.name, at: "ahead" },
      ],
      assignee: "",
      mine: false,
      awaited: false,
      mentioned: false,
      customer,
      tier: null,
      due:
        minutes === null && !paused
          ? null
          : {
              metric: "resolution",
              due_at,
              started_at: (due_at ?? now) - 4 * HOUR,
              warn_at: due_at === null ? null : due_at - 48 * MINUTE,
              paused,
              breached: minutes !== null && minutes < 0,
              warned: minutes !== null && minutes < 48,
            },
      hold_until: state === "on_hold" ? now + 5 * 24 * HOUR : null,
      moves: movesFrom(state),
      created_at: now - (place + 1) * HOUR,
      updated_at: now - (place + 1) * 7 * MINUTE,
      pending: false,
      refused: false,
      ...change,
    };
  });

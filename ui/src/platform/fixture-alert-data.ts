import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import type { AlertView } from "@/ipc/generated/AlertView";
import type { DeliveryLine } from "@/ipc/generated/DeliveryLine";
import type { DeliveryView } from "@/ipc/generated/DeliveryView";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";

export const GROUP = "0190b000-0000-7000-8000-000000000001";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const alertId = (n: number) => `0190a1e0-0000-7000-8000-00000000000${n}`;
const ruleId = (n: number) => `0190a1e1-0000-7000-8000-00000000000${n}`;
const by = (name: string, at: number) => ({
  agent: "0190d000-0000-7000-8000-000000000002",
  name,
  at,
});

const NOTHING = { topics: [], examples: [], words: [], faq: null };

/** Two that nobody looks after, one that is looked after, one that is silenced, one that is over. */
export function alertsOf(now: number): AlertView[] {
  const base = {
    group: "",
    resolved_at: null,
    acknowledged: null,
    silenced: null,
    silenced_until: null,
    next_step_at: null,
    quiet_until: null,
    level: 0,
    step: 1,
    about: NOTHING,
    is_pending: false,
  };
  return [
    {
      ...base,
      id: alertId(1),
      rule_id: ruleId(9),
      name: "云朵轻羽绒服投诉突增",
      measure: "surge",
      unit: "count",
      severity: "critical",
      state: "firing",
      reading: { level: 27, n: 27, n_bad: 27 },
      limit: 4,
      window_min: 30,
      worst: 27,
      trend: [3, 4, 2, 3, 4, 3, 5, 4, 8, 14, 21, 27],
      fired_at: now - 2 * MINUTE,
      told_at: now - 2 * MINUTE,
      next_step_at: now + 8 * MINUTE,
      about: {
        topics: ["跑绒", "异味"],
        examples: [
          "洗一次就跑绒，质量也太差了吧",
          "刚买就降价，你们欺骗消费者",
          "羽绒服味道很重，要求退货",
        ],
        words: ["跑绒", "异味", "退货", "云朵轻羽绒服"],
        faq: { question: "云朵轻羽绒服跑绒、有异味怎么办", answer: "" },
      },
    },
    {
      ...base,
      id: alertId(2),
      rule_id: ruleId(1),
      name: "响应失败率过高",
      measure: "response_failure",
      unit: "basis_points",
      severity: "critical",
      state: "firing",
      reading: { level: 1_320, n: 1_606, n_bad: 212 },
      limit: 1_000,
      window_min: 15,
      worst: 1_320,
      trend: [420, 400, 450, 510, 480, 610, 570, 720, 700, 840, 970, 1_210, 1_320],
      fired_at: now - 7 * MINUTE,
      told_at: now - 7 * MINUTE,
      level: 1,
      step: 2,
      next_step_at: now + 3 * MINUTE,
      about: { ...NOTHING, topics: ["退差价", "退款多久到账"] },
    },
    {
      ...base,
      id: alertId(3),
      rule_id: ruleId(2),
      name: "积压过多",
      measure: "backlog",
      unit: "count",
      severity: "warning",
      state: "acknowledged",
      reading: { level: 53, n: 53, n_bad: 0 },
      limit: 50,
      window_min: 0,
      worst: 58,
      trend: [38, 41, 44, 47, 52, 58, 55, 53],
      fired_at: now - 51 * MINUTE,
      told_at: now - 51 * MINUTE,
      acknowledged: by("赵敏", now - 49 * MINUTE),
    },
    {
      ...base,
      id: alertId(4),
      rule_id: ruleId(3),
      name: "首响变慢",
      measure: "first_response",
      unit: "seconds",
      group: "售后一组",
      severity: "warning",
      state: "silenced",
      reading: { level: 205, n: 84, n_bad: 0 },
      limit: 180,
      window_min: 30,
      worst: 231,
      trend: [120, 133, 160, 181, 205, 231, 205],
      fired_at: now - 96 * MINUTE,
      told_at: now - 96 * MINUTE,
      silenced: by("刘洋", now - 90 * MINUTE),
      silenced_until: now + 30 * MINUTE,
    },
    {
      ...base,
      id: alertId(5),
      rule_id: ruleId(4),
      name: "满意度下降",
      measure: "satisfaction",
      unit: "basis_points",
      severity: "notice",
      state: "resolved",
      reading: { level: 9_120, n: 57, n_bad: 5 },
      limit: 8_500,
      window_min: 240,
      worst: 8_210,
      trend: [9_300, 8_900, 8_400, 8_210, 8_600, 9_120],
      fired_at: now - 5 * HOUR,
      told_at: now - 5 * HOUR,
      acknowledged: by("赵敏", now - 5 * HOUR + 12 * MINUTE),
      resolved_at: now - 3 * HOUR,
    },
  ];
}

export function rulesOf(now: number): AlertRuleView[] {
  const draft: RuleDraft = {
    name: "响应失败率过高",
    enabled: true,
    measure: "response_failure",
    group_id: null,
    condition: { kind: "above", limit: 1_000, clear: 800 },
    window_min: 15,
    min_count: 50,
    for_min: 5,
    severity: "critical",
    to: "leads",
    by: ["email"],
    escalation: [{ after_min: 10, to: "everyone", by: ["email", "sms"] }],
    quiet: { from: 1_320, to: 480, utc_offset_minutes: 480, let_critical_through: true },
    rest_min: 60,
  };
  const rule = (n: number, change: Partial<RuleDraft>, open: string | null = null) => ({
    id: ruleId(n),
    edition: 2,
    draft: { ...draft, ...change },
    group: change.group_id === GROUP ? "售后一组" : "",
    by: "赵敏",
    at: now - 9 * 24 * HOUR,
    editable: true,
    is_pending: false,
    open_alert: open,
  });
  const simple = { by: [], escalation: [], quiet: null, for_min: 0 };
  return [
    rule(1, {}, alertId(2)),
    rule(
      2,
      {
        ...simple,
        name: "积压过多",
        measure: "backlog",
        severity: "warning",
        condition: { kind: "above", limit: 50, clear: 40 },
      },
      alertId(3),
    ),
    rule(3, {
      ...simple,
      name: "首响变慢",
      measure: "first_response",
      severity: "warning",
      group_id: GROUP,
      condition: { kind: "above", limit: 180, clear: 120 },
      window_min: 30,
    }),
    rule(4, {
      ...simple,
      name: "满意度下降",
      measure: "satisfaction",
      severity: "notice",
      condition: { kind: "below", limit: 8_500, clear: 9_000 },
      window_min: 240,
    }),
    rule(5, {
      ...simple,
      name: "会话量异常",
      measure: "opened",
      severity: "warning",
      condition: { kind: "change", direction: "up", by_percent: 150, clear_percent: 50, days: 7 },
      window_min: 60,
    }),
    rule(6, {
      ...simple,
      name: "没有新会话",
      measure: "opened",
      severity: "critical",
      enabled: false,
      condition: { kind: "absent" },
      window_min: 30,
    }),
  ];
}

/** A report that somebody asked for. */
export const reportLine = (now: number, agent: string): DeliveryLine => ({
  alert_id: `${alertId(9).slice(0, -12)}${String(now).padStart(12, "0").slice(-12)}`,
  is_report: true,
  name: "数字日报 2026-11-25 周三",
  severity: "notice",
  step: 1,
  agent,
  to: "王晓彤",
  channel: "email",
  state: "pending",
  attempts: 0,
  at: now,
  sent_at: null,
  next_at: now,
  error: null,
});

export function deliveryOf(now: number): DeliveryView {
  const line: DeliveryLine = {
    alert_id: alertId(2),
    is_report: false,
    name: "响应失败率过高",
    severity: "critical",
    step: 1,
    agent: "018f5a00-0000-7000-8000-000000000a01",
    to: "赵敏",
    channel: "email",
    state: "sent",
    attempts: 1,
    at: now - 7 * MINUTE,
    sent_at: now - 7 * MINUTE + 900,
    next_at: null,
    error: null,
  };
  return {
    channels: [
      {
        settings: {
          channel: "email",
          settings: {
            host: "smtp.lingxuan.example",
            port: 465,
            security: "tls",
            username: "alerts",
            from: "alerts@lingxuan.example",
            authority: "",
          },
        },
        enabled: true,
        has_secret: true,
        by: "赵敏",
        at: now - 20 * 24 * HOUR,
      },
    ],
    log: [
      line,
      {
        ...line,
        step: 2,
        to: "刘洋",
        channel: "sms",
        state: "pending",
        attempts: 2,
        at: now - 3 * MINUTE,
        sent_at: null,
        next_at: now + 2 * MINUTE,
        error: "unreachable",
      },
      {
        ...line,
        alert_id: alertId(5),
        name: "满意度下降",
        severity: "notice",
        agent: null,
        to: "",
        channel: "webhook",
        state: "dead",
        attempts: 6,
        at: now - 30 * HOUR,
        sent_at: null,
        error: "refused",
      },
      {
        ...line,
        alert_id: alertId(3),
        name: "积压过多",
        severity: "warning",
        step: 2,
        state: "cancelled",
        at: now - 41 * MINUTE,
        sent_at: null,
      },
    ],
  };
}

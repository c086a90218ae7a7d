import type { AlertPrefs } from "@/ipc/generated/AlertPrefs";
import type { AlertPreview } from "@/ipc/generated/AlertPreview";
import type { AlertPreviewArgs } from "@/ipc/generated/AlertPreviewArgs";
import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import type { AlertScope } from "@/ipc/generated/AlertScope";
import type { AlertView } from "@/ipc/generated/AlertView";
import type { BellView } from "@/ipc/generated/BellView";
import type { DeliveryView } from "@/ipc/generated/DeliveryView";
import type { MeasureView } from "@/ipc/generated/MeasureView";
import type { ReportPlan } from "@/ipc/generated/ReportPlan";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import type { RuleProblem } from "@/ipc/generated/RuleProblem";
import type { Tag } from "@/ipc/generated/Tag";
import type { Data, Handlers } from "./fixture";
import { alertsOf, deliveryOf, GROUP, reportLine, rulesOf } from "./fixture-alert-data";
import { RpcError } from "./platform";

const CONVERSATION = "0190a000-0000-7000-8000-000000000001";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Alerts, rules, and how people are told. */
export type AlertData = {
  alerts: AlertView[];
  rules: AlertRuleView[];
  prefs: AlertPrefs;
  report: ReportPlan | null;
  delivery: DeliveryView;
  /** Whether the small window is open. */
  isShown: boolean;
};

export const someAlerts = (now: number): AlertData => ({
  alerts: alertsOf(now),
  rules: rulesOf(now),
  prefs: {
    email: "lina@lingxuan.example",
    phone: "",
    email_from: "warning",
    sms_from: null,
    popup_from: "notice",
    quiet: null,
  },
  report: { every: "day", hour: 8 },
  delivery: deliveryOf(now),
  isShown: true,
});

/** What the agent was told today and the day before. */
export function bellOf(now: number): BellView {
  const conversation = { conversation_id: CONVERSATION, number: "C-10293" };
  const lines: BellView["lines"] = [
    { n: 5, at: now - 4 * MINUTE, what: { kind: "mentioned", ...conversation } },
    {
      n: 4,
      at: now - 26 * MINUTE,
      what: {
        kind: "ticket",
        ticket_id: "0190f000-0000-7000-8000-000000000001",
        number: "T-00817",
        news: "warned",
      },
    },
    { n: 3, at: now - 3 * HOUR, what: { kind: "notice", code: "pending_delivered" } },
    {
      n: 2,
      at: now - 26 * HOUR,
      what: { kind: "returned", ...conversation, reason: "unreachable" },
    },
    { n: 1, at: now - 27 * HOUR, what: { kind: "notice", code: "key_changed" } },
  ];
  return { lines, seen: 3, n_new: 2 };
}

const MEASURES: MeasureView[] = [
  { measure: "response_failure", unit: "basis_points", is_gauge: false, is_by_group: true },
  { measure: "backlog", unit: "count", is_gauge: true, is_by_group: true },
  { measure: "waiting", unit: "count", is_gauge: true, is_by_group: true },
  { measure: "first_response", unit: "seconds", is_gauge: false, is_by_group: true },
  { measure: "sla_breaches", unit: "count", is_gauge: false, is_by_group: true },
  { measure: "satisfaction", unit: "basis_points", is_gauge: false, is_by_group: true },
  { measure: "connector_errors", unit: "basis_points", is_gauge: false, is_by_group: false },
  { measure: "sync_lag", unit: "seconds", is_gauge: true, is_by_group: false },
  { measure: "opened", unit: "count", is_gauge: false, is_by_group: true },
];

function problemsOf({ name, condition, window_min }: RuleDraft): RuleProblem[] {
  const out: RuleProblem[] = [];
  if (name.trim() === "") out.push("no_name");
  if (window_min < 1 || window_min > 1_440) out.push("window");
  if (condition.kind === "above" && condition.clear > condition.limit) out.push("clear");
  if (condition.kind === "below" && condition.clear < condition.limit) out.push("clear");
  return out;
}

/** A course of some days with a peak a day; what passes the limit is an alert. */
function previewOf({ draft, days }: AlertPreviewArgs, now: number): AlertPreview {
  const { condition } = draft;
  const limit = "limit" in condition ? condition.limit : 1_000;
  const from = now - days * 24 * HOUR;
  // Minutes are kept for 16 days, and of the days to compare with half have to be there.
  const judged =
    condition.kind === "change" ? now - (16 - Math.ceil(condition.days / 2)) * 24 * HOUR : from;
  const step = (days * 24 * HOUR) / 240;
  const course = Array.from({ length: 241 }, (_, n) => {
    const at = from + n * step;
    const wave = Math.sin((at / (24 * HOUR)) * 2 * Math.PI) + Math.sin(n * 1.7) * 0.35;
    return { at, level: Math.max(0, Math.round(620 + wave * 340)) };
  });
  const fired: AlertPreview["fired"] = [];
  let open: { from: number; worst: number } | undefined;
  for (const { at, level } of course) {
    const isBad = at >= judged && (condition.kind === "below" ? level < limit : level > limit);
    if (isBad) open = { from: open?.from ?? at, worst: Math.max(open?.worst ?? 0, level) };
    else if (open) {
      fired.push({ ...open, to: at, is_quiet: draft.quiet !== null && fired.length % 3 === 2 });
      open = undefined;
    }
  }
  return {
    from,
    to: now,
    course,
    limits: course.map(({ at }) => ({ at, level: at < judged ? null : limit })),
    fired,
    n_fired: fired.length,
  };
}

type Own = Extract<
  keyof Handlers,
  | `bell.${string}`
  | `alert.${string}`
  | `delivery.${string}`
  | `alert_window.${string}`
  | "metrics.mail"
>;

const meOf = (data: Data): string => (data.session.phase === "ready" ? data.session.me.id : "");

export function alertHandlers(
  data: Data,
  changed: (...tags: Tag[]) => void,
  now: number,
): Pick<Handlers, Own> {
  const at = data.alerting;
  const list = (scope: AlertScope) => {
    const open = at.alerts.filter(({ state }) => state !== "resolved");
    const firing = open.filter(({ state }) => state === "firing");
    return {
      alerts: scope === "open" ? open : at.alerts,
      n_open: open.length,
      n_firing: firing.length,
      worst: firing[0]?.severity ?? null,
      may_manage: true,
    };
  };
  const by = { agent: "0190d000-0000-7000-8000-000000000001", name: "王晓彤", at: now };
  const act = (id: string, change: Partial<AlertView>) => {
    const found = at.alerts.find((alert) => alert.id === id);
    if (!found) throw new RpcError("not_found", "no such alert", false, "");
    at.alerts = at.alerts.map((alert) => (alert.id === id ? { ...alert, ...change } : alert));
    changed({ tag: "alerts" });
    return list("open");
  };
  const rules = () => ({
    rules: at.rules,
    measures: MEASURES,
    groups: [{ id: GROUP, name: "售后一组" }],
    may_manage_all: true,
  });
  return {
    "bell.list": () => data.bell,
    "bell.seen": ({ up_to }) => {
      const { lines } = data.bell;
      data.bell = { lines, seen: up_to, n_new: lines.filter(({ n }) => n > up_to).length };
      changed({ tag: "bell" });
      return data.bell;
    },
    "alert.list": ({ scope }) => list(scope),
    "alert.acknowledge": ({ alert_id }) =>
      act(alert_id, { state: "acknowledged", acknowledged: by, next_step_at: null }),
    "alert.silence": ({ alert_id, minutes }) =>
      act(alert_id, {
        state: "silenced",
        silenced: by,
        silenced_until: now + minutes * MINUTE,
        next_step_at: null,
      }),
    "alert.rules": rules,
    "alert.rule_check": (draft) => ({ problems: problemsOf(draft) }),
    "alert.rule_preview": (args) => previewOf(args, now),
    "alert.rule_save": ({ id, base, draft }) => {
      const group = draft.group_id === GROUP ? "售后一组" : "";
      const saved: AlertRuleView = {
        id,
        edition: base + 1,
        draft,
        group,
        by: "王晓彤",
        at: now,
        editable: true,
        is_pending: false,
        open_alert: null,
      };
      at.rules = [...at.rules.filter((rule) => rule.id !== id), saved];
      changed({ tag: "alert_rules" });
      return rules();
    },
    "alert.rule_remove": ({ rule_id }) => {
      at.rules = at.rules.filter(({ id }) => id !== rule_id);
      changed({ tag: "alert_rules" });
      return rules();
    },
    "alert.prefs": () => ({ prefs: at.prefs, report: at.report, agent_id: meOf(data) }),
    "alert.prefs_set": ({ prefs, report }) => {
      at.prefs = prefs;
      at.report = report;
      changed({ tag: "personal" });
      return { prefs, report, agent_id: meOf(data) };
    },
    "metrics.mail": () => {
      const agent = meOf(data);
      at.delivery = { ...at.delivery, log: [reportLine(now, agent), ...at.delivery.log] };
      return at.delivery;
    },
    "delivery.get": () => at.delivery,
    "delivery.save": ({ settings, enabled, secret }) => {
      const { channel } = settings;
      const before = at.delivery.channels.find((each) => each.settings.channel === channel);
      const saved = {
        settings,
        enabled,
        has_secret: secret !== undefined || (before?.has_secret ?? false),
        by: "王晓彤",
        at: now,
      };
      const others = at.delivery.channels.filter((each) => each.settings.channel !== channel);
      at.delivery = { ...at.delivery, channels: [...others, saved] };
      return at.delivery;
    },
    "delivery.test": ({ channel }) => ({
      error: channel === "sms" ? "login" : null,
      took_ms: 182,
    }),
    "delivery.resend": ({ alert_id, step, channel }) => {
      const log = at.delivery.log.map((line) =>
        line.alert_id === alert_id && line.step === step && line.channel === channel
          ? { ...line, state: "pending" as const, attempts: 0, next_at: now }
          : line,
      );
      at.delivery = { ...at.delivery, log };
      return at.delivery;
    },
    "alert_window.put_away": () => {
      at.isShown = false;
      return {};
    },
    "alert_window.show": () => ({}),
  };
}

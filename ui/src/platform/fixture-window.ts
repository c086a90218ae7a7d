import type { SessionView } from "@/ipc/generated/SessionView";
import { makeFixture, sampleData } from "./fixture";
import { shapeConflicts } from "./fixture-property";
import type { Platform } from "./platform";

/** Development only: the sample desk, shaped by the address (`?phase=fresh&keychain=no&share=no&state=offline&role=admin&offer=yes&ended=yes`). */
export function startFixture(): Platform {
  const now = Date.now();
  const ask = new URLSearchParams(window.location.search);
  const data = sampleData(now);
  const phases: Record<string, SessionView> = {
    fresh: { phase: "fresh", keychain: ask.get("keychain") !== "no" },
    locked: {
      phase: "locked",
      account: "",
      by_passphrase: ask.get("keychain") !== "forgot",
      by_server: ask.get("share") === "no" ? null : "desk.lingxuan.example",
    },
    lease_ended: {
      phase: "lease_ended",
      server: "desk.lingxuan.example",
      account: "wang.xiaotong",
      reached_at: now - 80 * 3_600_000,
    },
    signed_out: { phase: "signed_out", server: "desk.lingxuan.example", account: "wang.xiaotong" },
  };
  const phase = phases[ask.get("phase") ?? ""];
  if (phase) data.session = phase;
  if (ask.get("lang") === "en") data.settings.locale = "en";
  const theme = ask.get("theme");
  if (theme === "light" || theme === "dark") data.settings.theme = theme;
  if (ask.get("presence") === "offline" && data.session.phase === "ready")
    data.session = { ...data.session, me: { ...data.session.me, presence: "offline" } };
  const role = ask.get("role");
  if ((role === "admin" || role === "team_lead") && data.session.phase === "ready")
    data.session = { ...data.session, me: { ...data.session.me, role } };
  const state = ask.get("state");
  if (
    state === "offline" ||
    state === "syncing" ||
    state === "signed_out" ||
    state === "upgrade_required"
  )
    data.connection = { ...data.connection, state, pending: state === "offline" ? 3 : 0 };
  if (ask.get("ended") === "yes") data.connection = { ...data.connection, account_ended: true };
  const waits = data.rows.find(({ handler }) => handler.kind === "queue");
  if (ask.get("offer") === "yes" && waits)
    data.routing.offers = [
      {
        row: waits,
        group: "售后一组",
        intent: "",
        slots: [{ slot: "order", text: "LX20********7213" }],
        note: "",
        offered_at: now,
        expires_at: now + 30_000,
        reason: "auto",
        why: [
          { kind: "last_agent" },
          { kind: "skill", name: "售后", level: 80 },
          { kind: "load", held: 3, capacity: 8 },
        ],
      },
    ];
  if (ask.get("offered") === "yes")
    data.rows = data.rows.map((row, n) =>
      row.handler.kind === "queue" || n === 2
        ? {
            ...row,
            offer: { name: "李娜", is_me: n === 2, offered_at: now, expires_at: now + 26_000 },
          }
        : row,
    );
  if (ask.get("snoozed") === "yes")
    data.rows = data.rows.map((row, n) =>
      n > 3 ? { ...row, status: "snoozed", snoozed_until: now + n * 3_600_000 } : row,
    );
  if (ask.get("returned") === "yes")
    data.routing.returned = data.rows.slice(0, 4).map(({ id, number }) => ({
      id,
      number,
      at: now - 600_000,
      reason: "unreachable",
    }));
  if (ask.get("hours") === "closed")
    data.hours = {
      name: "客服工作时间",
      is_open: false,
      until: now + 14 * 3_600_000,
      day: null,
    };
  if (ask.get("fetching") === "yes")
    data.connection = {
      ...data.connection,
      state: "syncing",
      pending: 0,
      fetching: { done: 12_300, total: 50_000 },
    };
  if (ask.get("rows") === "many") {
    const [first] = data.rows;
    if (first)
      data.rows = Array.from({ length: 10_000 }, (_, n) => ({
        ...first,
        id: `0190a000-0000-7000-8001-${String(n).padStart(12, "0")}`,
        number: `C-${20_000 + n}`,
      }));
  }
  if (ask.get("tickets") === "none") data.tickets.rows = [];
  if (ask.get("tickets") === "many")
    data.tickets.rows = Array.from({ length: 5_000 }, (_, n) => {
      const sample = data.tickets.rows[n % data.tickets.rows.length];
      return sample && { ...sample, id: `${sample.id}-${n}`, number: `T-${10_000 + n}` };
    }).filter((row) => row !== undefined);
  if (ask.get("rows") === "none")
    data.rows = data.rows.filter(({ handler }) => handler.kind === "queue");
  if (ask.get("answers") === "none") data.suggestions = [];
  if (ask.get("answers") === "weak")
    data.suggestions = data.suggestions.map((each) => ({
      ...each,
      confidence: each.confidence * 0.4,
    }));
  if (ask.get("refused") === "yes") {
    data.messages = data.messages.map((each) =>
      each.op_id ? { ...each, refused: "stale_reply" } : each,
    );
    data.outbox = data.outbox.map((each) => ({ ...each, refused: "stale_reply" }));
    data.connection = { ...data.connection, refused: 1, pending: 0 };
    data.stopped = data.outbox.map(({ op_id }) => ({ op_id, seen_seq: 46, missed: [47, 48] }));
  }
  if (ask.get("conflict") === "yes") shapeConflicts(data, now);
  const fixture = makeFixture(now, data);
  // The scripts that look at the screens drive events through this.
  Object.assign(window, { fixture });
  return fixture;
}

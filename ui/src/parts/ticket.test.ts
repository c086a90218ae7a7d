import { expect, it } from "vitest";
import { dueAt } from "./Ticket";

const due = {
  metric: "resolution" as const,
  started_at: 0,
  due_at: 100_000,
  warn_at: 80_000,
  paused: false,
  breached: false,
  warned: false,
};

it.each([
  [10_000, "ok", 0.1, 90_000],
  [79_999, "ok", 0.79999, 20_001],
  [80_000, "soon", 0.8, 20_000],
  [100_000, "soon", 1, 0],
  [130_000, "breached", 1, -30_000],
] as const)("at %i a promise is %s", (now, tone, value, left) => {
  const stands = dueAt(due, now);
  expect(stands).toMatchObject({ tone, left });
  expect(stands.value).toBeCloseTo(value, 4);
});

it("a paused promise has no time left to tell", () => {
  const paused = { ...due, paused: true, due_at: null, warn_at: null };
  expect(dueAt(paused, 5)).toEqual({ tone: "paused", value: 0, left: 0 });
  expect(dueAt({ ...paused, breached: true }, 5).tone).toBe("breached");
});

it("a warning that was given holds", () =>
  expect(dueAt({ ...due, warned: true, warn_at: null }, 10_000).tone).toBe("soon"));

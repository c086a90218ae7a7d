import { describe, expect, it } from "vitest";
import type { SlaSegment } from "@/ipc/generated/SlaSegment";
import { drawn, stretches } from "./explain";

const H = 3_600_000;
const running = (from: number, to: number): SlaSegment => ({
  what: { kind: "running" },
  from: from * H,
  to: to * H,
});
const night = (from: number, to: number): SlaSegment => ({
  what: { kind: "closed", holiday: "" },
  from: from * H,
  to: to * H,
});
const wait = (from: number, to: number): SlaSegment => ({
  what: { kind: "paused", why: "pending_customer" },
  from: from * H,
  to: to * H,
});
const sla = (segments: SlaSegment[], target: number, used: number) => ({
  segments,
  target_ms: target * H,
  used_ms: used * H,
});
const told = (...args: Parameters<typeof sla>) =>
  stretches(sla(...args)).map(({ tone, from, to }) => [tone, from / H, to / H]);

describe("a promise, stretch by stretch", () => {
  it("counts by day, not by night or while somebody else acts, and says what is left", () =>
    expect(told([running(15, 18), night(18, 33), running(33, 34), wait(34, 35)], 8, 4)).toEqual([
      ["counted", 15, 18],
      ["closed", 18, 33],
      ["counted", 33, 34],
      ["paused", 34, 35],
      ["left", 35, 39],
    ]));
  it("parts the stretch in which it broke", () =>
    expect(told([running(9, 12), night(12, 13), running(13, 16)], 4, 6)).toEqual([
      ["counted", 9, 12],
      ["closed", 12, 13],
      ["counted", 13, 14],
      ["over", 14, 16],
    ]));
  it("begins with all of the time left", () => expect(told([], 4, 0)).toEqual([["left", 0, 4]]));
});

it("a night is drawn shorter than it was", () => {
  const all = stretches(sla([running(9, 10), night(10, 25)], 10, 1));
  expect(drawn(all, 10 * H).map((length) => length / H)).toEqual([1, 1.5, 9]);
});

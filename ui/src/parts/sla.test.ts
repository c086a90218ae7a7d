import { describe, expect, it } from "vitest";
import { promised, rest } from "./sla";

describe("promised", () => {
  const row = { waiting_since: 1_000, due_at: 101_000 };
  it.each([
    [1_000, "ok", 0, 100_000],
    [75_999, "ok", 0.74999, 25_001],
    [76_000, "soon", 0.75, 25_000],
    [101_000, "soon", 1, 0],
    [111_000, "breached", 1, -10_000],
  ] as const)("at %i ms is %s", (now, tone, value, left) => {
    const promise = promised(row, now);
    expect(promise).toMatchObject({ tone, left });
    expect(promise?.value).toBeCloseTo(value, 4);
  });
  it("runs only while somebody waits and something is due", () => {
    expect(promised({ waiting_since: null, due_at: 5 }, 1)).toBeNull();
    expect(promised({ waiting_since: 5, due_at: null }, 1)).toBeNull();
  });
});

it("says in words where a conversation rests", () => {
  const me = { kind: "me" } as const;
  expect(rest({ status: "open", handler: me, last_author: "me" })).toBe("replied");
  expect(rest({ status: "open", handler: me, last_author: "customer" })).toBe("awaitCustomer");
  expect(rest({ status: "open", handler: { kind: "bot" }, last_author: "bot" })).toBe("withBot");
  expect(rest({ status: "snoozed", handler: me, last_author: "me" })).toBe("snoozedState");
  expect(rest({ status: "resolved", handler: { kind: "none" }, last_author: "me" })).toBe(
    "resolved",
  );
});

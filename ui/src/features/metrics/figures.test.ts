import i18next from "i18next";
import { describe, expect, it } from "vitest";
import { call } from "@/ipc/call";
import type { MetricsFilter } from "@/ipc/generated/MetricsFilter";
import { setPlatform } from "@/platform";
import { makeFixture } from "@/platform/fixture";
import { figuresOf } from "./figures";

const DAY = 86_400_000;
const AS_OF = Date.UTC(2026, 10, 26, 2);
const all: MetricsFilter = { group: null, slice: null };

/** What is said beside a figure of so many days, to whom conversations of these groups come. */
async function note(
  id: "load" | "heat",
  { days = 7, filter = all, own = ["g1", "g2"] }: Change,
): Promise<string | undefined> {
  const { metrics } = makeFixture(AS_OF).data;
  setPlatform(makeFixture(AS_OF, { metrics: { ...metrics, asOf: AS_OF } }));
  const args = {
    from: AS_OF - days * DAY,
    to: AS_OF,
    compare_from: null,
    grain: "day" as const,
    filter,
  };
  const board = await call("metrics.board", args);
  const wanted = { part: "agents" as const, agent: null, group: null, offset: 0, limit: 1 };
  const live = await call("live.list", wanted);
  const shown = {
    board,
    choices: board,
    error: null,
    period: "own" as const,
    from: args.from,
    to: args.to,
    grain: args.grain,
    compares: false,
    grains: [args.grain],
    args,
    offset: 480,
    bounds: {},
  };
  const groups = live.groups.filter((group) => own.includes(group.id));
  return figuresOf(i18next.t, shown, { ...live, groups }).find((each) => each.id === id)?.note;
}
type Change = { days?: number; filter?: MetricsFilter; own?: string[] };

describe("beside the hours of the week", () => {
  it.each<[string, Change]>([
    ["会话数，按星期和小时", { days: 90 }],
    ["会话数，按星期和小时，只含近 90 天", { days: 91 }],
    ["会话数，按星期和小时", { filter: { group: null, slice: { dim: "channel", value: "web" } } }],
    [
      "按小时的会话数只分渠道，没有这个筛选的",
      { days: 365, filter: { group: null, slice: { dim: "line", value: "服饰" } } },
    ],
  ])("stands %s", async (text, change) => expect(await note("heat", change)).toBe(text));
});

describe("beside what agents have", () => {
  it.each<[string, Change]>([
    ["现在在接的会话", {}],
    ["现在在接的会话，只含您所在的组", { own: ["g1"] }],
    ["现在在接的会话", { own: ["g1"], filter: { group: "g1", slice: null } }],
  ])("stands %s", async (text, change) => expect(await note("load", change)).toBe(text));
});

import { describe, expect, it } from "vitest";
import type { ItemMark } from "@/ipc/generated/ItemMark";
import { form, reviews, scoreOf } from "@/platform/fixture-quality-data";
import {
  evidence,
  findingsOf,
  firstMarks,
  heldMarks,
  isLost,
  isSame,
  nextPlace,
  partsOf,
  pointsTyped,
  withMark,
} from "./marks";

const NOW = 1_764_150_000_000;
const marks: ItemMark[] = [
  { item: "a", mark: { kind: "points", points: 3 }, comment: "" },
  { item: "b", mark: { kind: "veto", hit: false }, comment: "说明" },
];

describe("items of a form", () => {
  it("stand under their parts in the order of the form", () => {
    const parts = partsOf(form().items);
    expect(parts.map(({ part, items }) => [part, items.length])).toEqual([
      ["服务规范", 3],
      ["解决能力", 3],
      ["红线", 2],
    ]);
    expect(partsOf([])).toEqual([]);
  });
  it.each([
    ["8", 10, 8],
    ["26", 25, 25],
    ["007", 25, 7],
    ["1a2", 25, 12],
    ["0", 25, 0],
    ["", 25, null],
    ["-", 25, null],
  ])("%j of %d is %j points", (typed, weight, points) =>
    expect(pointsTyped(typed, weight)).toBe(points),
  );
});

describe("marks", () => {
  it("change one at a time, and keep what was said", () => {
    const next = withMark(marks, "b", { mark: { kind: "veto", hit: true } });
    expect(next[0]).toBe(marks[0]);
    expect(next[1]).toEqual({ item: "b", mark: { kind: "veto", hit: true }, comment: "说明" });
    expect(marks[1]?.mark).toEqual({ kind: "veto", hit: false });
  });
  it("are the same only where they are of one kind and value", () => {
    expect(isSame({ kind: "points", points: 3 }, { kind: "points", points: 3 })).toBe(true);
    expect(isSame({ kind: "points", points: 3 }, { kind: "points", points: 4 })).toBe(false);
    expect(isSame({ kind: "points", points: 3 }, { kind: "not_applicable" })).toBe(false);
    expect(isSame({ kind: "veto", hit: true }, { kind: "veto", hit: false })).toBe(false);
    expect(isSame(undefined, { kind: "not_applicable" })).toBe(false);
  });
  it("cost something below the weight, and where a veto is hit", () => {
    const [points] = form().items;
    const veto = form().items.at(-1);
    if (!points || !veto) throw new Error("the form has no items");
    expect(isLost(points, { kind: "points", points: 9 })).toBe(true);
    expect(isLost(points, { kind: "points", points: 10 })).toBe(false);
    expect(isLost(points, { kind: "not_applicable" })).toBe(false);
    expect(isLost(veto, { kind: "veto", hit: true })).toBe(true);
  });
  it("begin from the machine's, or from those that a decision would change", () => {
    const appealed = reviews(NOW).find(({ row }) => row.state === "appealed");
    if (!appealed) throw new Error("nothing is appealed");
    expect(firstMarks(appealed, "score")).toBe(appealed.pre.marks);
    expect(firstMarks(appealed, "calibrate")).toBe(appealed.pre.marks);
    expect(firstMarks(appealed, "change")).toBe(appealed.scored?.marks);
    expect(heldMarks(appealed)).toBe(appealed.scored?.marks);
    const decided = reviews(NOW).find(({ row }) => row.state === "decided");
    expect(decided && heldMarks(decided)).toBe(decided?.appeal?.decision?.changed?.marks);
  });
  it("of the samples come to what the samples say", () => {
    for (const { form: used, pre, scored } of reviews(NOW)) {
      expect(scoreOf(used.draft, pre.marks)).toEqual(pre.score);
      if (scored) expect(scoreOf(used.draft, scored.marks)).toEqual(scored.score);
    }
  });
});

describe("what the machine found", () => {
  const [first] = reviews(NOW);
  const findings = first?.pre.findings ?? [];
  it("is of an item", () => expect(findingsOf(findings, "response")).toHaveLength(2));
  it("is walked through message by message, and round again", () => {
    const places = evidence(findings);
    expect(places).toEqual([6, 9]);
    expect(nextPlace(places, null)).toBe(6);
    expect(nextPlace(places, 6)).toBe(9);
    expect(nextPlace(places, 9)).toBe(6);
    expect(nextPlace([], 9)).toBeNull();
  });
});

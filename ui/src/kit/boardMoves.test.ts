import { describe, expect, it } from "vitest";
import { type BoardColumn, pushTo, spotOf, step } from "./boardMoves";

const column = (id: string, items: string[], shut = false): BoardColumn<string> => ({
  id,
  title: id,
  count: items.length,
  items,
  shut,
});
const COLUMNS = [
  column("a", ["a0", "a1", "a2"]),
  column("b", []),
  column("c", ["c0"]),
  column("d", ["d0"], true),
  column("e", ["e0", "e1"]),
];
const self = (item: string) => item;

describe("arrows on a board", () => {
  it.each([
    [null, "ArrowDown", "a0"],
    ["gone", "ArrowLeft", "a0"],
    ["a0", "ArrowDown", "a1"],
    ["a2", "ArrowDown", "a2"],
    ["a0", "ArrowUp", "a0"],
    ["a1", "Home", "a0"],
    ["a0", "End", "a2"],
    ["a2", "ArrowRight", "c0"],
    ["c0", "ArrowRight", "e0"],
    ["e1", "ArrowLeft", "c0"],
    ["a0", "ArrowLeft", null],
    ["e0", "ArrowRight", null],
    ["a0", "PageDown", null],
  ])("from %s by %s to %s", (from, arrow, to) => {
    const spot = step(COLUMNS, self, from, arrow);
    expect(spot && COLUMNS[spot.column]?.items[spot.row]).toBe(to);
  });
  it("lead to cards that are not known yet, too", () => {
    const long = { ...column("a", ["a0"]), items: ["a0", undefined, undefined] };
    expect(step([long], self, "a0", "End")).toEqual({ column: 0, row: 2 });
  });
  it("know nothing of an empty board", () =>
    expect(step([column("a", [])], self, null, "ArrowDown")).toBeNull());
});

it("a card in a shut column has no spot", () => {
  expect(spotOf(COLUMNS, self, "d0")).toBeNull();
  expect(spotOf(COLUMNS, self, "e1")).toEqual({ column: 4, row: 1 });
});

it("a card is pushed only to where it may go, past what is between", () => {
  expect(pushTo(COLUMNS, 0, 1, ["c", "e"])).toBe("c");
  expect(pushTo(COLUMNS, 0, 1, ["d"])).toBe("d");
  expect(pushTo(COLUMNS, 2, -1, ["a"])).toBe("a");
  expect(pushTo(COLUMNS, 2, -1, ["e"])).toBeNull();
});

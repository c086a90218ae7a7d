import { expect, test } from "vitest";
import { rowAfter } from "./rows";

test("keys of a list lead from row to row and stop at its ends", () => {
  for (const [key, at, expected] of [
    ["ArrowDown", -1, 0],
    ["ArrowDown", 9, 9],
    ["ArrowUp", 0, 0],
    ["PageDown", 2, 6],
    ["PageDown", 8, 9],
    ["PageUp", 5, 1],
    ["PageUp", 2, 0],
    ["Home", 7, 0],
    ["End", 0, 9],
    ["x", 3, undefined],
  ] as const)
    expect([key, at, rowAfter(key, at, 10, 4)]).toEqual([key, at, expected]);
});

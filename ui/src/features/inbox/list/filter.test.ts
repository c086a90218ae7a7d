import { expect, it } from "vitest";
import { NO_FILTER, nConditions, toggled } from "./filter";

it("conditions are counted", () => {
  expect(nConditions(NO_FILTER)).toBe(0);
  expect(
    nConditions({
      ...NO_FILTER,
      priorities: ["high"],
      tags: ["a", "b"],
      category: "",
      unread: true,
    }),
  ).toBe(5);
});

it("a member comes and goes", () => {
  expect(toggled(["a"], "b")).toEqual(["a", "b"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
});

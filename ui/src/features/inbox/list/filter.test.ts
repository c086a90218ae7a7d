import { expect, it } from "vitest";
import type { SavedView } from "@/ipc/generated/SavedView";
import { NO_FILTER, nConditions, toggled, withView } from "./filter";

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

it("a view of the same name takes its place", () => {
  const view = (name: string, unread: boolean): SavedView => ({
    name,
    scope: "mine",
    sort: "waiting",
    filter: { ...NO_FILTER, unread },
  });
  const views = withView([view("急", false), view("退款", false)], view("急", true));
  expect(views.map(({ name, filter }) => [name, filter.unread])).toEqual([
    ["急", true],
    ["退款", false],
  ]);
  expect(withView(views, view("新", false))).toHaveLength(3);
});

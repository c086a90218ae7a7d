import { expect, it } from "vitest";
import { forgetAgent } from "@/lib/agent";
import { forgetOldViews, oldViews, readKept, remember } from "./remember";
import { lookOf, NONE, useDesk } from "./store";

const KEY = "lingtai.tickets";

it("the room is found as it was left, without its filters", () => {
  const stop = remember("me");
  useDesk.getState().set({ show: "table", sort: "updated", scope: "mine" });
  useDesk.getState().filter({ query: "破损" });
  useDesk.getState().toggle("resolved");
  stop();
  expect(readKept("me")).toEqual({
    show: "table",
    sort: "updated",
    reversed: false,
    scope: "mine",
    shut: ["closed", "cancelled"],
  });
  expect(localStorage.getItem(KEY)).not.toContain("破损");
});

it.each([
  ["another agent", () => readKept("another")],
  ["one in the same window", () => forgetAgent()],
])("what one agent kept is gone with %s", (_, comes) => {
  const stop = remember("me");
  useDesk.getState().set({ show: "table" });
  stop();
  comes();
  expect(localStorage.getItem(KEY)).toBeNull();
});

it("what cannot be read is left out", () => {
  localStorage.setItem(KEY, '{"who":"me","show":"wall","sort":3,"shut":["new","gone"],"scope":1}');
  expect(readKept("me")).toEqual({ shut: ["new"] });
  localStorage.setItem(KEY, "{broken");
  expect(readKept("me")).toEqual({});
  expect(oldViews("me")).toEqual([]);
});

it("views of before stay until they are carried over, and are nobody else's", () => {
  const old = '{"who":"me","show":"table","views":[{"name":"急","filters":{"priority":"x"}},{},7]}';
  localStorage.setItem(KEY, old);
  const stop = remember("me");
  useDesk.getState().set({ sort: "created" });
  stop();
  const [view, ...others] = oldViews("me");
  if (!view) throw new Error("the view is gone");
  expect(others).toEqual([]);
  expect({ name: view.name, ...lookOf(view) }).toEqual({
    name: "急",
    show: "board",
    sort: "due",
    reversed: false,
    scope: "all",
    filters: NONE,
  });
  forgetOldViews("me");
  expect(oldViews("me")).toEqual([]);
  expect(readKept("me").sort).toBe("created");
  localStorage.setItem(KEY, old);
  expect(oldViews("another")).toEqual([]);
  expect(localStorage.getItem(KEY)).toBeNull();
});

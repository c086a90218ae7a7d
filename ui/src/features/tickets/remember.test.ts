import { expect, it } from "vitest";
import { forgetAgent } from "@/lib/agent";
import { readKept, remember } from "./remember";
import { useDesk } from "./store";

it("the room is found as it was left, without its filters", () => {
  const stop = remember("me");
  useDesk.getState().set({ show: "table", sort: "updated", scope: "mine" });
  useDesk.getState().filter({ query: "破损" });
  useDesk.getState().keepView("破损的");
  useDesk.getState().clear();
  useDesk.getState().toggle("resolved");
  stop();
  expect(readKept("me")).toEqual({
    show: "table",
    sort: "updated",
    reversed: false,
    scope: "mine",
    shut: ["closed", "cancelled"],
    views: [
      {
        name: "破损的",
        show: "table",
        sort: "updated",
        reversed: false,
        scope: "mine",
        filters: { query: "", type: null, priority: null, due: null, state: null },
      },
    ],
  });
  expect(localStorage.getItem("lingtai.tickets")).not.toMatch(/"query":"[^"]/);
});

it.each([
  ["another agent", () => readKept("another")],
  ["one in the same window", () => forgetAgent()],
])("what one agent kept is gone with %s", (_, comes) => {
  const stop = remember("me");
  useDesk.getState().keepView("my own");
  stop();
  comes();
  expect(localStorage.getItem("lingtai.tickets")).toBeNull();
});

it("what cannot be read is left out", () => {
  localStorage.setItem(
    "lingtai.tickets",
    '{"who":"me","show":"wall","sort":3,"shut":["new","gone"],"scope":1}',
  );
  expect(readKept("me")).toEqual({ shut: ["new"] });
  localStorage.setItem(
    "lingtai.tickets",
    '{"who":"me","views":[{"name":"急","filters":{"priority":"x"}},{},7]}',
  );
  expect(readKept("me").views).toMatchObject([
    { name: "急", scope: "all", filters: { priority: null } },
  ]);
  localStorage.setItem("lingtai.tickets", "{broken");
  expect(readKept("me")).toEqual({});
});

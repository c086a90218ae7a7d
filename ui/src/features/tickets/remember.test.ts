import { expect, it } from "vitest";
import { readKept, remember } from "./remember";
import { useDesk } from "./store";

it("the room is found as it was left, without its filters", () => {
  const stop = remember();
  useDesk.getState().set({ show: "table", sort: "updated", scope: "mine" });
  useDesk.getState().filter({ query: "破损" });
  useDesk.getState().keepView("破损的");
  useDesk.getState().clear();
  useDesk.getState().toggle("resolved");
  stop();
  expect(readKept()).toEqual({
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
        filters: { query: "破损", type: null, priority: null, due: null, state: null },
      },
    ],
  });
});

it("what cannot be read is left out", () => {
  localStorage.setItem(
    "lingtai.tickets",
    '{"show":"wall","sort":3,"shut":["new","gone"],"scope":1}',
  );
  expect(readKept()).toEqual({ shut: ["new"] });
  localStorage.setItem(
    "lingtai.tickets",
    '{"views":[{"name":"急","filters":{"priority":"x"}},{},7]}',
  );
  expect(readKept().views).toMatchObject([
    { name: "急", scope: "all", filters: { priority: null } },
  ]);
  localStorage.setItem("lingtai.tickets", "{broken");
  expect(readKept()).toEqual({});
});

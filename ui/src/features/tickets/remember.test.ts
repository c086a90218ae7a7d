import { expect, it } from "vitest";
import { readKept, remember } from "./remember";
import { useDesk } from "./store";

it("the room is found as it was left, without its filters", () => {
  const stop = remember();
  useDesk.getState().set({ show: "table", sort: "updated", scope: "mine" });
  useDesk.getState().filter({ query: "破损" });
  useDesk.getState().toggle("resolved");
  stop();
  expect(readKept()).toEqual({
    show: "table",
    sort: "updated",
    reversed: false,
    scope: "mine",
    shut: ["closed", "cancelled"],
  });
});

it("what cannot be read is left out", () => {
  localStorage.setItem(
    "lingtai.tickets",
    '{"show":"wall","sort":3,"shut":["new","gone"],"scope":1}',
  );
  expect(readKept()).toEqual({ shut: ["new"] });
  localStorage.setItem("lingtai.tickets", "{broken");
  expect(readKept()).toEqual({});
});

import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import zh from "@/i18n/zh-CN.json";
import { RpcError } from "@/platform";
import type { Fixture } from "@/platform/fixture";
import { asked, openDesk } from "@/test/desk";
import { useDesk } from "./store";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

/** A ticket that was just passed to another department, by key. */
async function passed(): Promise<Fixture> {
  const fixture = await openDesk();
  fireEvent.click(await screen.findByTestId("room-tickets"));
  const cards = await screen.findAllByTestId("ticket-board-card");
  const card = cards.find(({ textContent }) => textContent?.includes("T-00817"));
  if (!card) throw new Error("there is no such card");
  fireEvent.click(card);
  await screen.findByTestId("ticket");
  fireEvent.keyDown(window, { code: "KeyX", key: "X", altKey: true, shiftKey: true });
  const go = await screen.findByTestId<HTMLButtonElement>("ticket-transferring-do");
  await waitFor(() => expect(go.disabled).toBe(false));
  fireEvent.click(go);
  await waitFor(() => expect(asked(fixture, "ticket.transfer")).toHaveLength(1));
  await screen.findByTestId("ticket-take-back");
  return fixture;
}
const altZ = () => fireEvent.keyDown(window, { code: "KeyZ", key: "z", altKey: true });
const isBack = async (fixture: Fixture) => {
  expect(await screen.findByText("T-00817 已撤回")).toBeTruthy();
  const [given] = asked(fixture, "ticket.transfer");
  const [taken, ...more] = asked(fixture, "ticket.take_back");
  expect(more).toEqual([]);
  expect(given?.args).toMatchObject(taken?.args ?? { ticket_id: "" });
  await waitFor(() =>
    expect(screen.getByTestId("ticket-history").textContent).toContain("撤回转交，回到"),
  );
  expect(screen.queryByTestId("ticket-take-back")).toBeNull();
  expect(screen.getByTestId("ticket-resolve")).toBeTruthy();
};

describe("a ticket that was passed on", () => {
  it("is taken back by what is said of it", async () => {
    const fixture = await passed();
    const toast = (await screen.findAllByTestId("toast")).at(-1);
    if (!toast) throw new Error("nothing is said");
    fireEvent.click(within(toast).getByText("撤销"));
    await isBack(fixture);
  });
  it("is taken back by key, once", async () => {
    const fixture = await passed();
    altZ();
    altZ();
    await isBack(fixture);
  });
  it("is taken back from the ticket later on", async () => {
    const fixture = await passed();
    useDesk.setState({ undo: null });
    fireEvent.click(screen.getByTestId("ticket-take-back"));
    await isBack(fixture);
  });
  it("says why not once they have taken it up", async () => {
    const fixture = await passed();
    fixture.refuse("ticket.take_back", new RpcError("taken_up", "", false, ""));
    altZ();
    expect(await screen.findByText(zh.error.taken_up)).toBeTruthy();
  });
});

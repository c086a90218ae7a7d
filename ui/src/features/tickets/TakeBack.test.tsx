import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import zh from "@/i18n/zh-CN.json";
import { RpcError } from "@/platform";
import type { Fixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";
import { useDesk } from "./store";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

/** A ticket that was just passed to another department, by key; for good where it is not to come back. */
async function passed(forGood = false): Promise<Fixture> {
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
  if (forGood) fireEvent.click(screen.getByTestId("ticket-returns"));
  fireEvent.click(go);
  await waitFor(() => expect(asked(fixture, "ticket.transfer")).toHaveLength(1));
  await screen.findByText(/^T-00817 已转到/);
  if (!forGood) await screen.findByTestId("ticket-take-back");
  return fixture;
}
const altZ = (repeat = false) =>
  fireEvent.keyDown(window, { code: "KeyZ", key: "z", altKey: true, repeat });
const said = () => {
  const toast = screen.getAllByTestId("toast").at(-1);
  if (!toast) throw new Error("nothing is said");
  return toast;
};
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
    fireEvent.click(within(said()).getByText("撤销"));
    await isBack(fixture);
  });
  it("is there to be read as long as it may be taken back, though it does not come back", async () => {
    const fixture = await passed(true);
    const row = fixture.data.tickets.rows.find(({ number }) => number === "T-00817");
    act(() => useRoutes.getState().openTicket(row?.id ?? null));
    expect((await screen.findByTestId("ticket-passed")).textContent).toContain("对方还没有处理");
    expect(screen.queryByTestId("ticket-resolve")).toBeNull();
    expect(screen.getByTestId("ticket-take-back")).toBeTruthy();
    // Nor is anything to be written there.
    fireEvent.click(screen.getByTestId("ticket-more"));
    await screen.findByRole("menu");
    expect(screen.queryByTestId("ticket-write-note")).toBeNull();
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
  it("is taken back by the key that it names, whatever was done to others meanwhile", async () => {
    const fixture = await passed();
    const run = vi.fn();
    act(() => useDesk.setState({ undo: { ids: ["another"], run } }));
    altZ();
    await isBack(fixture);
    expect(run).not.toHaveBeenCalled();
  });
  it("has what was done to it last taken back first", async () => {
    const fixture = await passed();
    const run = vi.fn();
    const id = useRoutes.getState().ticket;
    act(() => useDesk.setState({ undo: { ids: ["another", id ?? ""], run } }));
    altZ();
    expect(run).toHaveBeenCalledTimes(1);
    expect(asked(fixture, "ticket.take_back")).toEqual([]);
  });
  it("is not taken back by a key that is held since before", async () => {
    const fixture = await passed();
    altZ(true);
    expect(asked(fixture, "ticket.take_back")).toEqual([]);
  });
  it("is said to be asked for, where the server decides", async () => {
    const fixture = await passed(true);
    altZ();
    expect(await screen.findByText("已申请撤回 T-00817，对方部门未处理时生效")).toBeTruthy();
    expect(asked(fixture, "ticket.take_back")).toHaveLength(1);
  });
  it.each([
    ["the words were closed", () => fireEvent.click(within(said()).getByLabelText("关闭"))],
    ["the key did it", () => altZ()],
    [
      "the agent signed out",
      () => fireEvent.keyDown(window, { code: "KeyQ", key: "Q", altKey: true, shiftKey: true }),
    ],
  ])("offers it no more once %s", async (_, end) => {
    await passed();
    expect(screen.getByText("撤销")).toBeTruthy();
    expect(useDesk.getState().undo).not.toBeNull();
    end();
    await waitFor(() => expect(useDesk.getState().undo).toBeNull());
    await waitFor(() => expect(screen.queryByText("撤销")).toBeNull());
  });
  it("says why not once they have taken it up", async () => {
    const fixture = await passed();
    fixture.refuse("ticket.take_back", new RpcError("taken_up", "", false, ""));
    altZ();
    expect(await screen.findByText(zh.error.taken_up)).toBeTruthy();
  });
});

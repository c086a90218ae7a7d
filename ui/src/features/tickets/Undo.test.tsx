import { act, fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import zh from "@/i18n/zh-CN.json";
import type { TicketState } from "@/ipc/generated/TicketState";
import { RpcError } from "@/platform";
import type { Fixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";
import { useDesk } from "./store";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

/** Opens the first ticket of a state that nobody has, or that is one's own. */
async function opened(state: TicketState, mine: boolean): Promise<[Fixture, string]> {
  const fixture = await openDesk();
  const row = fixture.data.tickets.rows.find(
    (each) => each.state === state && each.mine === mine && (mine || each.assignee === ""),
  );
  if (!row) throw new Error("there is no such ticket");
  fireEvent.click(await screen.findByTestId("room-tickets"));
  act(() => useRoutes.getState().openTicket(row.id));
  await screen.findByTestId("ticket");
  return [fixture, row.id];
}
const undone = (fixture: Fixture) => asked(fixture, "ticket.bulk_undo").map(({ args }) => args);
const pressUndo = async () => fireEvent.click(await screen.findByText("撤销"));

describe("what is done to one ticket", () => {
  it("is taken back by what is said of it", async () => {
    const [fixture, id] = await opened("new", false);
    fireEvent.click(await screen.findByTestId("ticket-claim"));
    await pressUndo();
    expect(await screen.findByText(/已撤销，恢复原样$/)).toBeTruthy();
    expect(undone(fixture)).toEqual([{ undo: [{ id, act: { act: "release" } }] }]);
    await screen.findByTestId("ticket-claim");
  });
  it("is taken back by key, as long as that is said", async () => {
    const [fixture, id] = await opened("new", false);
    fireEvent.click(await screen.findByTestId("ticket-claim"));
    await screen.findByText("撤销");
    fireEvent.keyDown(window, { code: "KeyZ", key: "z", altKey: true });
    fireEvent.keyDown(window, { code: "KeyZ", key: "z", altKey: true });
    await screen.findByText(/已撤销，恢复原样$/);
    expect(undone(fixture)).toEqual([{ undo: [{ id, act: { act: "release" } }] }]);
  });
  it("says why not where something came between", async () => {
    const [fixture, id] = await opened("new", false);
    fireEvent.click(await screen.findByTestId("ticket-claim"));
    await screen.findByText("撤销");
    fixture.refuse("ticket.bulk_undo", new RpcError("held_by_other", "", false, ""));
    await pressUndo();
    expect(await screen.findByText(zh.ticket.error.held_by_other)).toBeTruthy();
    expect(fixture.data.tickets.rows.find((row) => row.id === id)?.mine).toBe(true);
  });
});

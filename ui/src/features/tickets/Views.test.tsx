import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { run } from "@/hotkeys";
import zh from "@/i18n/zh-CN.json";
import type { ConnectionState } from "@/ipc/generated/ConnectionState";
import type { SavedTicketView } from "@/ipc/generated/SavedTicketView";
import { RpcError } from "@/platform";
import { asked, openDesk, type } from "@/test/desk";
import { oldViews } from "./remember";
import { type Look, lookOf, NONE, useDesk, viewOf } from "./store";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

const ME = "0190d000-0000-7000-8000-000000000001";
const LOOK: Look = { show: "board", scope: "all", sort: "due", reversed: false, filters: NONE };
const named = (...names: string[]): SavedTicketView[] => names.map((name) => viewOf(name, LOOK));

const toRoom = async (change?: Parameters<typeof openDesk>[0]) => {
  const fixture = await openDesk(change);
  fireEvent.click(await screen.findByTestId("room-tickets"));
  await screen.findAllByTestId("ticket-board-card");
  return fixture;
};
const openViews = async () => {
  act(() => run("saveView"));
  return screen.findByTestId("ticket-views");
};
const line = (name: string) =>
  waitFor(() => {
    const lines = screen.getAllByTestId("ticket-view-line");
    const found = lines.find(({ textContent }) => textContent?.includes(name));
    if (!found) throw new Error(`there is no view ${name}`);
    return found;
  });
const keep = (name: string) => {
  type(screen.getByTestId("ticket-view-name"), name);
  fireEvent.keyDown(screen.getByTestId("ticket-view-name"), { key: "Enter" });
};

describe("a view of the tickets", () => {
  it("is kept by its name and found again, with the words", async () => {
    const fixture = await toRoom();
    act(() => useDesk.getState().set({ filtersOpen: true }));
    type(await screen.findByTestId("ticket-query"), " 签收 ");
    act(() => useDesk.getState().filter({ due: "soon", state: "unfinished" }));
    await openViews();
    keep("签收异常");
    await waitFor(() => expect(screen.queryByTestId("ticket-views")).toBeNull());
    expect(fixture.data.ticketViews).toMatchObject([
      { name: "签收异常", layout: "board", filter: { query: "签收", due: "soon" } },
    ]);
    expect(JSON.stringify(localStorage)).not.toContain("签收");
    fireEvent.click(await screen.findByTestId("ticket-clear"));
    expect(useDesk.getState().filters).toEqual(NONE);
    fireEvent.click(screen.getByTestId("ticket-sort"));
    fireEvent.click(await screen.findByTestId("ticket-view"));
    const kept = { ...NONE, query: "签收", due: "soon", state: "unfinished" };
    await waitFor(() => expect(useDesk.getState().filters).toEqual(kept));
  });
  it("is called otherwise in its place, and not as another one", async () => {
    const fixture = await toRoom({ ticketViews: named("甲", "乙", "丙") });
    await openViews();
    fireEvent.click(within(await line("乙")).getByTestId("ticket-view-rename"));
    const field = await screen.findByTestId("ticket-view-new-name");
    type(field, "丙");
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    expect(asked(fixture, "ticket_view.save")).toEqual([]);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(await screen.findByText(zh.ticket.view.error.taken)).toBeTruthy();
    type(field, "丁");
    fireEvent.click(screen.getByTestId("ticket-view-rename-do"));
    await waitFor(() =>
      expect(fixture.data.ticketViews.map(({ name }) => name)).toEqual(["甲", "丁", "丙"]),
    );
    await line("丁");
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByTestId("ticket-view-name")),
    );
  });
  it("keeps its name by Esc, which shuts nothing else", async () => {
    const fixture = await toRoom({ ticketViews: named("甲") });
    await openViews();
    fireEvent.click(within(await line("甲")).getByTestId("ticket-view-rename"));
    const field = await screen.findByTestId("ticket-view-new-name");
    type(field, "别的");
    fireEvent.keyDown(field, { key: "Escape" });
    const shown = within(await line("甲"));
    expect(document.activeElement).toBe(shown.getByTestId("ticket-view-rename"));
    expect(screen.getByTestId("ticket-views")).toBeTruthy();
    expect(asked(fixture, "ticket_view.save")).toEqual([]);
  });
  it("comes back after it was removed, by the key too", async () => {
    const views = named("甲", "乙");
    const fixture = await toRoom({ ticketViews: views });
    await openViews();
    fireEvent.click(within(await line("甲")).getByTestId("ticket-view-drop"));
    fireEvent.click(await screen.findByText(zh.property.undo));
    await waitFor(() => expect(fixture.data.ticketViews).toHaveLength(2));
    fireEvent.click(within(await line("乙")).getByTestId("ticket-view-drop"));
    await waitFor(() => expect(useDesk.getState().undo).not.toBeNull());
    act(() => useDesk.getState().set({ asking: null }));
    await waitFor(() => expect(screen.queryByTestId("ticket-views")).toBeNull());
    act(() => run("undoEdit"));
    await waitFor(() => expect(fixture.data.ticketViews).toEqual(expect.arrayContaining(views)));
  });
  it.each([
    ["bad_request", zh.ticket.view.error.bad_request],
    ["too_large", zh.ticket.view.error.too_large],
  ] as const)("says why it was not kept: %s", async (code, text) => {
    const fixture = await toRoom();
    fixture.refuse("ticket_view.save", new RpcError(code, "", false, ""));
    await openViews();
    keep("签收异常");
    expect(await screen.findByText(text)).toBeTruthy();
    expect(screen.getByTestId("ticket-views")).toBeTruthy();
  });
});

describe("views that this window kept alone", () => {
  const old = (...names: string[]) => {
    const views = names.map((name) => ({ ...LOOK, name, show: "table" }));
    localStorage.setItem("lingtai.tickets", JSON.stringify({ who: ME, views }));
  };
  it("become the agent's own once, where they have none of that name", async () => {
    old("甲", "打 13800138000", "乙");
    const fixture = await toRoom({ ticketViews: named("乙") });
    await waitFor(() => expect(oldViews(ME)).toEqual([]));
    expect(fixture.data.ticketViews.map(({ name, layout }) => [name, layout])).toEqual([
      ["乙", "board"],
      ["甲", "table"],
    ]);
    expect((await screen.findByTestId("toast")).textContent).toContain("打 13800138000");
    expect(localStorage.getItem("lingtai.tickets")).not.toContain("甲");
    fireEvent.click(screen.getByTestId("ticket-sort"));
    expect(await screen.findAllByTestId("ticket-view")).toHaveLength(2);
  });
  it("wait until the desk has been in step with the server once", async () => {
    old("甲");
    const fixture = await openDesk();
    const stand = (state: ConnectionState) => {
      fixture.data.connection = { ...fixture.data.connection, state };
      fixture.emit({ kind: "connection", ...fixture.data.connection });
    };
    stand("offline");
    fireEvent.click(await screen.findByTestId("room-tickets"));
    await screen.findAllByTestId("ticket-board-card");
    act(() => useDesk.getState().set({ sort: "updated" }));
    expect(asked(fixture, "ticket_view.save")).toEqual([]);
    expect(oldViews(ME)).toHaveLength(1);
    stand("online");
    await waitFor(() => expect(oldViews(ME)).toEqual([]));
    expect(fixture.data.ticketViews.map(({ name }) => name)).toEqual(["甲"]);
  });
  it("stay where they are while the desk cannot take them", async () => {
    old("甲");
    const fixture = await openDesk();
    fixture.refuse("ticket_view.save", new RpcError("storage", "", true, ""));
    fireEvent.click(await screen.findByTestId("room-tickets"));
    await waitFor(() => expect(asked(fixture, "ticket_view.save")).not.toEqual([]));
    act(() => useDesk.getState().set({ sort: "updated" }));
    expect(oldViews(ME).map((view) => [view.name, lookOf(view).show])).toEqual([["甲", "table"]]);
  });
});

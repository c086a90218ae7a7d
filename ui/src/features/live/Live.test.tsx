import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { makeFixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";

async function live(role: "agent" | "team_lead" = "team_lead", times = 1) {
  const { session, rows } = makeFixture().data;
  if (session.phase !== "ready") throw new Error("not signed in");
  const held = rows.map((row) =>
    row.handler.kind === "me"
      ? { ...row, handler: { kind: "colleague" as const, name: "李娜" } }
      : row,
  );
  const many = Array.from({ length: times }, (_, n) =>
    held.map((row) => (n === 0 ? row : { ...row, id: `${row.id}-${n}` })),
  ).flat();
  useRoutes.setState({ room: "inbox", open: null, scope: "all" });
  const fixture = await openDesk({
    session: { ...session, me: { ...session.me, role } },
    rows: many,
  });
  await screen.findAllByTestId("conv-row");
  return fixture;
}
/** A row in sight, by its place in the list. */
const row = (n: number) =>
  screen
    .getAllByTestId("live-table-row")
    .find((each) => each.getAttribute("aria-rowindex") === String(n + 2));
/** As the window scrolls: nothing has a height here. */
const scroll = (table: HTMLElement, to: number) => {
  table.scrollTop = to;
  fireEvent.scroll(table);
};
const open = () =>
  fireEvent.keyDown(window, { key: "O", code: "KeyO", ctrlKey: true, shiftKey: true });

describe("the live room", () => {
  it("is a lead's, and not there for others", async () => {
    await live("agent");
    expect(screen.queryByTestId("room-live")).toBeNull();
    open();
    await act(async () => undefined);
    expect(screen.queryByTestId("live")).toBeNull();
  });
  it("shows who has what, and arrows and Enter open one to look on", async () => {
    const fixture = await live();
    open();
    const rows = await screen.findAllByTestId("live-table-row");
    // Everybody, and each of the three.
    expect(screen.getAllByTestId("live-agent")).toHaveLength(4);
    const table = screen.getByTestId("live-table");
    expect(screen.getAllByRole("grid")).toEqual([table]);
    expect(table.getAttribute("aria-activedescendant")).toBe(rows[0]?.id);
    fireEvent.keyDown(table, { key: "ArrowDown" });
    await waitFor(() => expect(row(1)?.getAttribute("aria-selected")).toBe("true"));
    const chosen = row(1)?.dataset.id;
    expect(table.getAttribute("aria-activedescendant")).toBe(row(1)?.id);
    fireEvent.keyDown(table, { key: "Enter" });
    await waitFor(() => expect(useRoutes.getState().open).toBe(chosen));
    expect(useRoutes.getState().room).toBe("inbox");
    expect(asked(fixture, "conversation.take_over")).toHaveLength(0);
  });
  it("narrows to a part and to an agent", async () => {
    const fixture = await live();
    open();
    await screen.findByTestId("live");
    fireEvent.click(screen.getByTestId("live-queue"));
    await waitFor(() => expect(screen.getAllByTestId("live-agent")).toHaveLength(4));
    const [, first] = screen.getAllByTestId("live-agent");
    fireEvent.click(first as HTMLElement);
    expect(first?.getAttribute("role")).toBe("option");
    await waitFor(() =>
      expect(asked(fixture, "live.list").at(-1)?.args).toMatchObject({
        part: "queue",
        agent: "a1",
      }),
    );
  });
  it("has a thousand rows, of which what is in sight exists and was asked for", async () => {
    const fixture = await live("team_lead", 300);
    open();
    await screen.findAllByTestId("live-table-row");
    const total = Number(screen.getByTestId("live-agents").textContent?.replace(/\D/g, ""));
    expect(total).toBeGreaterThan(1_000);
    const table = screen.getByTestId("live-table");
    expect(table.getAttribute("aria-rowcount")).toBe(String(total + 1));
    expect(screen.getAllByTestId("live-table-row").length).toBeLessThan(60);
    const offsets = () =>
      asked(fixture, "live.list").map(({ args }) => (args as { offset: number }).offset);
    expect(Math.max(...offsets())).toBe(0);
    // The last one is not known yet: it is asked for, and stood on when it is there.
    fireEvent.keyDown(table, { key: "End" });
    scroll(table, total * 44);
    await waitFor(() => {
      const last = screen.getAllByTestId("live-table-row").at(-1);
      expect(last?.getAttribute("aria-rowindex")).toBe(String(total + 1));
      expect(last?.getAttribute("aria-selected")).toBe("true");
    });
    expect(screen.getAllByTestId("live-table-row").length).toBeLessThan(60);
    const skipped = Math.floor(total / 100) * 50;
    expect(offsets()).not.toContain(skipped);
    fireEvent.keyDown(table, { key: "Home" });
    scroll(table, 0);
    await waitFor(() => expect(row(0)?.getAttribute("aria-selected")).toBe("true"));
  });
  it("stays where it was scrolled to when the row at the top changes", async () => {
    const fixture = await live("team_lead", 300);
    open();
    await screen.findAllByTestId("live-table-row");
    const table = screen.getByTestId("live-table");
    const total = Number(table.getAttribute("aria-rowcount"));
    scroll(table, 500 * 44);
    await waitFor(() => expect(row(500)).toBeTruthy());
    const first = table.getAttribute("aria-activedescendant");
    fixture.data.rows = fixture.data.rows.filter(({ id }) => `line-${id}` !== first);
    fixture.emit({ kind: "changed", tags: [{ tag: "inbox" }] });
    await waitFor(() => expect(table.getAttribute("aria-rowcount")).toBe(String(total - 1)));
    expect(table.getAttribute("aria-activedescendant")).not.toBe(first);
    expect(table.scrollTop).toBe(500 * 44);
  });
  it("goes on by key from the row that was stood on, far out of sight", async () => {
    await live("team_lead", 300);
    open();
    await screen.findAllByTestId("live-table-row");
    const table = screen.getByTestId("live-table");
    scroll(table, 120 * 44);
    await waitFor(() => expect(row(121)).toBeTruthy());
    const [stood, next] = [row(120), row(121)];
    if (!stood || !next) throw new Error("they are not in sight");
    fireEvent.click(stood);
    await waitFor(() => expect(table.getAttribute("aria-activedescendant")).toBe(stood.id));
    scroll(table, 400 * 44);
    await waitFor(() => expect(row(401)).toBeTruthy());
    expect(table.getAttribute("aria-activedescendant")).toBe(stood.id);
    fireEvent.keyDown(table, { key: "ArrowDown" });
    expect(table.getAttribute("aria-activedescendant")).toBe(next.id);
  });
  it("names the entry of everybody as the one stood on among the agents", async () => {
    await live();
    open();
    const [everybody] = await screen.findAllByTestId("live-agent");
    const list = screen.getByTestId("live-agent-list");
    expect(list.getAttribute("aria-activedescendant")).toBe(everybody?.id);
    expect(everybody?.id).not.toBe("row-");
  });
  it("takes over by one key", async () => {
    const fixture = await live();
    open();
    await screen.findAllByTestId("live-table-row");
    fireEvent.keyDown(window, { key: "K", code: "KeyK", altKey: true, shiftKey: true });
    await waitFor(() => expect(asked(fixture, "conversation.take_over")).toHaveLength(1));
    expect(useRoutes.getState().room).toBe("inbox");
  });
});

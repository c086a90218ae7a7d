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
    const rows = await screen.findAllByTestId("live-row");
    expect(screen.getAllByTestId("live-agent")).toHaveLength(3);
    const table = rows[0]?.closest("table");
    if (!table) throw new Error("no table");
    fireEvent.keyDown(table, { key: "ArrowDown" });
    await waitFor(() =>
      expect(screen.getAllByTestId("live-row")[1]?.getAttribute("aria-selected")).toBe("true"),
    );
    const chosen = screen.getAllByTestId("live-row")[1]?.dataset.id;
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
    const [first] = await screen.findAllByTestId("live-agent");
    fireEvent.click(first as HTMLElement);
    await waitFor(() =>
      expect(asked(fixture, "live.list").at(-1)?.args).toMatchObject({
        part: "queue",
        agent: "a1",
      }),
    );
  });
  it("shows all of them, window by window, to the mouse and to the arrows", async () => {
    await live("team_lead", 20);
    open();
    await screen.findAllByTestId("live-row");
    const total = Number(screen.getByTestId("live-agents").textContent?.match(/\d+/)?.[0]);
    expect(total).toBeGreaterThan(100);
    const shown = () => screen.getAllByTestId("live-row").length;
    fireEvent.click(screen.getByTestId("live-more"));
    await waitFor(() => expect(shown()).toBe(100));
    const last = screen.getAllByTestId("live-row").at(-1);
    fireEvent.click(last as HTMLElement);
    fireEvent.keyDown(last?.closest("table") as HTMLElement, { key: "ArrowDown" });
    await waitFor(() => expect(shown()).toBe(Math.min(total, 150)));
    while (screen.queryByTestId("live-more")) {
      const before = shown();
      fireEvent.click(screen.getByTestId("live-more"));
      await waitFor(() => expect(shown()).toBeGreaterThan(before));
    }
    expect(shown()).toBe(total);
  });
  it("takes over by one key", async () => {
    const fixture = await live();
    open();
    await screen.findAllByTestId("live-row");
    fireEvent.keyDown(window, { key: "K", code: "KeyK", altKey: true, shiftKey: true });
    await waitFor(() => expect(asked(fixture, "conversation.take_over")).toHaveLength(1));
    expect(useRoutes.getState().room).toBe("inbox");
  });
});

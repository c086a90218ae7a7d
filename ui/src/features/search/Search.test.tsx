import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { useSearchState } from "@/parts/search";
import { useRoutes } from "@/routes";
import { asked, openDesk, type } from "@/test/desk";

async function search(query: string) {
  const fixture = await openDesk();
  await screen.findByTestId("conv-list");
  fireEvent.keyDown(window, { key: "F", code: "KeyF", ctrlKey: true, shiftKey: true });
  const input = await screen.findByTestId("search-input");
  type(input, query);
  return { fixture, input };
}

describe("the search of everything", () => {
  beforeEach(() =>
    useSearchState.setState({
      query: "",
      kind: null,
      author: null,
      channel: null,
      period: "any",
      order: "best",
      active: null,
    }),
  );
  it("opens by key, finds by two characters, marks them and counts by kind", async () => {
    await search("退款");
    const [first] = await screen.findAllByTestId("search-hit");
    expect(first?.querySelector("mark")?.textContent).toBe("退款");
    expect(screen.getByTestId("search-count").textContent).toMatch(/找到 \d+ 条/);
    expect(screen.getByText(/^消息 \d+$/)).toBeTruthy();
  });
  it("shows what stands around a hit, and goes there by Enter", async () => {
    const { fixture, input } = await search("退款");
    await screen.findAllByTestId("search-hit");
    await screen.findByTestId("search-around");
    fireEvent.keyDown(input, { key: "ArrowDown" });
    await waitFor(() =>
      expect(screen.getAllByTestId("search-hit")[1]?.getAttribute("aria-selected")).toBe("true"),
    );
    fireEvent.keyDown(input, { key: "Enter" });
    expect((await screen.findByTestId("conversation")).dataset.id).toBe(fixture.data.rows[0]?.id);
  });
  it("finds a ticket by its number, and opens it", async () => {
    const fixture = await openDesk();
    await screen.findByTestId("conv-list");
    const ticket = fixture.data.tickets.rows.find(({ number }) => number !== "");
    if (!ticket) throw new Error("no sample ticket");
    fireEvent.keyDown(window, { key: "F", code: "KeyF", ctrlKey: true, shiftKey: true });
    const input = await screen.findByTestId("search-input");
    type(input, ticket.number);
    const [hit] = await screen.findAllByTestId("search-hit");
    expect(hit?.textContent).toContain(ticket.title);
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(useRoutes.getState()).toMatchObject({ room: "tickets" }));
    expect(useRoutes.getState().ticket).toBe(ticket.id);
  });
  it("asks with its filters, by the start of a day", async () => {
    const { fixture } = await search("退款");
    await screen.findAllByTestId("search-hit");
    fireEvent.change(screen.getByTestId("search-author"), { target: { value: "bot" } });
    fireEvent.change(screen.getByTestId("search-period"), { target: { value: "week" } });
    await waitFor(() =>
      expect(asked(fixture, "search.find").at(-1)?.args).toMatchObject({
        query: "退款",
        author: "bot",
        offset: 0,
      }),
    );
    const from = Number(
      JSON.parse(JSON.stringify(asked(fixture, "search.find").at(-1)?.args)).from,
    );
    expect(new Date(from).getHours()).toBe(0);
    expect((Date.now() - from) / 86_400_000).toBeLessThan(7);
    fireEvent.click(screen.getByText("清除筛选"));
    await waitFor(() =>
      expect(asked(fixture, "search.find").at(-1)?.args).toMatchObject({ from: null }),
    );
  });
  it("does not ask again when something comes in", async () => {
    const { fixture } = await search("退款");
    await screen.findAllByTestId("search-hit");
    const before = asked(fixture, "search.find").length;
    fixture.emit({ kind: "changed", tags: [{ tag: "inbox" }] });
    await waitFor(() => expect(asked(fixture, "inbox.list").length).toBeGreaterThan(1));
    expect(asked(fixture, "search.find")).toHaveLength(before);
  });
  it("says so when there is nothing, and Esc goes back", async () => {
    const { input } = await search("没有人说过");
    expect((await screen.findByTestId("search-none")).textContent).toContain("没有人说过");
    fireEvent.keyDown(input, { key: "Escape" });
    expect(await screen.findByTestId("conv-list")).toBeTruthy();
  });
});

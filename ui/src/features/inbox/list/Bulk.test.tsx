import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";
import { useDesk } from "../store";
import { useSelection } from "./selection";

beforeEach(() => {
  useSelection.getState().clear();
  useDesk.setState({ filter: null });
});

const rows = () => screen.findAllByTestId("conv-row");
const withTags = () =>
  sampleData(Date.now()).rows.map((row, n) => (n === 0 ? { ...row, tags: ["退款"] } : row));

describe("a filter", () => {
  it("narrows the list, says so, and is cleared", async () => {
    await openDesk({ rows: withTags() });
    const all = (await rows()).length;
    fireEvent.keyDown(window, { key: "L", code: "KeyL", ctrlKey: true, shiftKey: true });
    await screen.findByTestId("filter-panel");
    const [tag] = await screen.findAllByTestId("filter-tag");
    if (tag) fireEvent.click(tag);
    await waitFor(async () => expect(await rows()).toHaveLength(1));
    expect(screen.getByTestId("filter").textContent).toContain("1");
    if (tag) fireEvent.click(tag);
    await waitFor(async () => expect((await rows()).length).toBe(all));
  });
  it("that leaves nothing says what to do", async () => {
    await openDesk();
    await rows();
    fireEvent.click(screen.getByTestId("filter"));
    fireEvent.click(await screen.findByTestId("filter-mentioned"));
    expect((await screen.findByTestId("empty-filtered")).textContent).toContain("清除筛选");
  });
  it("is kept as a view and shown again", async () => {
    const fixture = await openDesk({ rows: withTags() });
    await rows();
    fireEvent.click(screen.getByTestId("filter"));
    fireEvent.click(await screen.findByTestId("filter-urgent"));
    type(await screen.findByTestId("view-name"), "紧急的");
    fireEvent.click(screen.getByTestId("view-save"));
    await waitFor(() =>
      expect(fixture.data.views).toEqual([
        expect.objectContaining({
          name: "紧急的",
          scope: "mine",
          filter: expect.objectContaining({ priorities: ["urgent"] }),
        }),
      ]),
    );
    fireEvent.click(screen.getByTestId("filter-urgent"));
    await waitFor(() => expect(useDesk.getState().filter).toBeNull());
    fireEvent.click(await screen.findByTestId("views"));
    fireEvent.click(await screen.findByTestId("view"));
    expect(useDesk.getState().filter?.priorities).toEqual(["urgent"]);
  });
});

describe("ticked rows", () => {
  it("are ticked by Space and acted on together", async () => {
    const fixture = await openDesk();
    const list = await screen.findByTestId("conv-list");
    fireEvent.keyDown(list, { key: "ArrowDown" });
    fireEvent.keyDown(list, { key: " " });
    fireEvent.keyDown(list, { key: "ArrowDown" });
    fireEvent.keyDown(list, { key: " " });
    expect((await screen.findByTestId("bulk")).textContent).toContain("已选 2 个会话");
    expect(screen.queryByTestId("conversation"), "ticking opens nothing").toBeNull();
    fireEvent.click(screen.getByTestId("bulk-tag"));
    const name = await screen.findByTestId("bulk-tag-name");
    type(name, "大促");
    fireEvent.keyDown(name, { key: "Enter" });
    await waitFor(() =>
      expect(asked(fixture, "conversation.bulk").map(({ args }) => args)).toEqual([
        {
          ids: fixture.data.rows.slice(0, 2).map(({ id }) => id),
          act: { act: "tag", add: ["大促"], remove: [] },
        },
      ]),
    );
    await waitFor(() => expect(screen.queryByTestId("bulk")).toBeNull());
  });
  it("that may not be acted on stay, with the reason", async () => {
    const [first, second] = sampleData(Date.now()).rows;
    if (!first || !second) throw new Error("no sample rows");
    const held = { ...second, handler: { kind: "colleague" as const, name: "李静" } };
    await openDesk({ rows: [first, held] });
    fireEvent.click(await screen.findByTestId("scope-all"));
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    fireEvent.keyDown(window, { key: "J", code: "KeyJ", altKey: true, shiftKey: true });
    fireEvent.click(await screen.findByTestId("bulk-resolve"));
    expect((await screen.findByTestId("bulk-failed")).textContent).toContain(second.number);
    await waitFor(() => expect(screen.getByTestId("bulk").textContent).toContain("已选 1 个会话"));
  });
});

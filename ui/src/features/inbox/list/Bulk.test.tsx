import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, openRow, type } from "@/test/desk";
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
  it.each([
    ["claim", { code: "KeyC", key: "c", altKey: true }, { act: "claim" }],
    ["resolve", { code: "KeyD", key: "d", ctrlKey: true }, { act: "resolve" }],
  ])("are meant by the key of one: %s", async (_, key, act) => {
    const fixture = await openDesk();
    await openRow(0);
    useSelection.getState().all(fixture.data.rows.slice(1, 3).map(({ id }) => id));
    await screen.findByTestId("bulk");
    fireEvent.keyDown(window, key);
    await waitFor(() =>
      expect(asked(fixture, "conversation.bulk")).toMatchObject([
        { args: { ids: fixture.data.rows.slice(1, 3).map(({ id }) => id), act } },
      ]),
    );
    expect(asked(fixture, "conversation.claim")).toHaveLength(0);
    expect(asked(fixture, "conversation.resolve")).toHaveLength(0);
  });
  it("are not resolved after all", async () => {
    const fixture = await openDesk();
    await rows();
    const ids = fixture.data.rows.slice(0, 2).map(({ id }) => id);
    useSelection.getState().all(ids);
    fireEvent.click(await screen.findByTestId("bulk-resolve"));
    await screen.findByText("已解决 2 个会话");
    fireEvent.click(screen.getByText("撤销"));
    expect(await screen.findByText("已恢复 2 个会话")).toBeTruthy();
    expect(asked(fixture, "conversation.bulk")[1]?.args).toEqual({ ids, act: { act: "reopen" } });
    expect(fixture.data.rows.slice(0, 2).map(({ status }) => status)).toEqual(["open", "open"]);
  });
  it("lose a tag", async () => {
    const fixture = await openDesk({ rows: withTags() });
    await rows();
    const [first] = fixture.data.rows;
    useSelection.getState().all([first?.id ?? ""]);
    fireEvent.click(await screen.findByTestId("bulk-untag"));
    const name = await screen.findByTestId("bulk-tag-name");
    type(name, "退款");
    fireEvent.keyDown(name, { key: "Enter" });
    expect(await screen.findByText("已去掉 1 个会话的标签")).toBeTruthy();
    expect(fixture.data.rows[0]?.tags).toEqual([]);
  });
  it("are given away with a note, and what cannot be taken back is named", async () => {
    const fixture = await openDesk();
    await rows();
    const ids = fixture.data.rows.slice(0, 2).map(({ id }) => id);
    useSelection.getState().all(ids);
    await screen.findByTestId("bulk");
    fireEvent.keyDown(window, { code: "KeyX", key: "x", altKey: true });
    const group = await screen.findByTestId<HTMLSelectElement>("bulk-group");
    await waitFor(() => expect(group.options.length).toBeGreaterThan(1));
    fireEvent.change(group, { target: { value: group.options[1]?.value } });
    type(screen.getByTestId("bulk-transfer-note"), "要开发票");
    fireEvent.click(screen.getByTestId("bulk-transfer-send"));
    await screen.findByText("已转出 2 个会话");
    expect(asked(fixture, "conversation.bulk")).toMatchObject([
      { args: { ids, act: { act: "transfer", note: "要开发票" } } },
    ]);
    await waitFor(() => expect(screen.queryByTestId("bulk")).toBeNull());
    // A colleague has taken one of them meanwhile.
    const [, taken] = fixture.data.rows;
    if (taken) taken.handler = { kind: "colleague", name: "李静" };
    fireEvent.click(screen.getByText("撤销"));
    expect(await screen.findByText("已拿回 1 个会话，1 个没有做成")).toBeTruthy();
    expect((await screen.findByTestId("bulk-failed")).textContent).toContain(taken?.number);
  });
  it("that have left are asked back, no more", async () => {
    const fixture = await openDesk();
    await rows();
    fixture.data.routing.isFar = true;
    const ids = fixture.data.rows.slice(0, 2).map(({ id }) => id);
    useSelection.getState().all(ids);
    fireEvent.click(await screen.findByTestId("bulk-transfer"));
    const group = await screen.findByTestId<HTMLSelectElement>("bulk-group");
    await waitFor(() => expect(group.options.length).toBeGreaterThan(1));
    fireEvent.change(group, { target: { value: group.options[1]?.value } });
    fireEvent.click(screen.getByTestId("bulk-transfer-send"));
    fireEvent.click(await screen.findByText("撤销"));
    expect(await screen.findByText("已申请拿回 2 个会话，对方未接入时生效")).toBeTruthy();
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

import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { RpcError } from "@/platform";
import { sampleData } from "@/platform/fixture";
import { noProperties, shapeConflicts } from "@/platform/fixture-property";
import { asked, openDesk, openRow, type } from "@/test/desk";

const patches = (fixture: Awaited<ReturnType<typeof openDesk>>) =>
  asked(fixture, "conversation.patch").map(({ args }) => args);
async function field(id: string): Promise<HTMLInputElement | HTMLSelectElement> {
  const found = await screen.findByTestId(id);
  if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found;
  throw new Error(`${id} is no field`);
}

describe("priority and category", () => {
  it("are changed with what was seen, and taken back", async () => {
    const fixture = await openDesk();
    await openRow(0);
    fireEvent.change(await field("property-priority"), { target: { value: "low" } });
    await waitFor(() =>
      expect(patches(fixture)[0]).toMatchObject({
        priority: { rev: 0, base: "urgent", mine: "low" },
        category: null,
      }),
    );
    expect(await screen.findByText("优先级已改为「低」")).toBeTruthy();
    await waitFor(async () => expect((await field("property-priority")).value).toBe("low"));
    fireEvent.keyDown(window, { key: "z", code: "KeyZ", altKey: true });
    await waitFor(() =>
      expect(patches(fixture)[1]).toMatchObject({
        priority: { rev: 0, base: "low", mine: "urgent" },
      }),
    );
    fireEvent.change(await field("property-category"), { target: { value: "物流/签收" } });
    await waitFor(() =>
      expect(patches(fixture)[2]).toMatchObject({
        category: { base: "售后/退款", mine: "物流/签收" },
      }),
    );
  });
  it("of an older change are taken back by its own words, and the key still means the newer one", async () => {
    const fixture = await openDesk();
    await openRow(0);
    fireEvent.change(await field("property-priority"), { target: { value: "low" } });
    const older = (await screen.findByText("优先级已改为「低」")).closest("[data-testid=toast]");
    if (!(older instanceof HTMLElement)) throw new Error("nothing is said");
    fireEvent.change(await field("property-category"), { target: { value: "物流/签收" } });
    await waitFor(() => expect(patches(fixture)).toHaveLength(2));
    await screen.findByText(/^分类已改为/);
    fireEvent.click(within(older).getByText("撤销"));
    await waitFor(() =>
      expect(patches(fixture)[2]).toMatchObject({ priority: { mine: "urgent" } }),
    );
    fireEvent.keyDown(window, { key: "z", code: "KeyZ", altKey: true });
    await waitFor(() =>
      expect(patches(fixture)[3]).toMatchObject({ category: { base: "物流/签收" } }),
    );
  });
  it("cannot be taken back by key once it is said no more", async () => {
    const fixture = await openDesk();
    await openRow(0);
    fireEvent.change(await field("property-priority"), { target: { value: "low" } });
    const said = (await screen.findByText("优先级已改为「低」")).closest("[data-testid=toast]");
    if (!(said instanceof HTMLElement)) throw new Error("nothing is said");
    fireEvent.click(within(said).getByLabelText("关闭"));
    fireEvent.keyDown(window, { key: "z", code: "KeyZ", altKey: true });
    expect(patches(fixture)).toHaveLength(1);
  });
  it("cannot be changed once it is closed", async () => {
    const data = sampleData(Date.now());
    const id = data.rows[0]?.id ?? "";
    data.properties[id] = { ...noProperties(), editable: false, tags: ["催单"] };
    await openDesk(data);
    await openRow(0);
    expect((await field("property-priority")).disabled).toBe(true);
    expect(screen.queryByTestId("tag-input")).toBeNull();
    expect(within(screen.getByTestId("tags")).queryByRole("button")).toBeNull();
  });
});

describe("tags", () => {
  it("are added by Enter and removed by key", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const input = await field("tag-input");
    type(input, " 催单 ");
    fireEvent.keyDown(input, { key: "Enter", isComposing: true });
    expect(patches(fixture)).toEqual([]);
    fireEvent.keyDown(input, { key: "Enter" });
    await waitFor(() => expect(screen.getAllByTestId("tag")).toHaveLength(1));
    expect(patches(fixture)[0]).toMatchObject({ add_tags: ["催单"], remove_tags: [] });
    expect(input.value).toBe("");
    fireEvent.keyDown(input, { key: "Backspace" });
    const remove = screen.getByRole("button", { name: "去掉标签「催单」" });
    expect(document.activeElement).toBe(remove);
    fireEvent.keyDown(remove, { key: "Delete" });
    await waitFor(() => expect(screen.queryAllByTestId("tag")).toHaveLength(0));
    const said = (await screen.findByText("已去掉标签「催单」")).parentElement;
    if (!said) throw new Error("the toast has no frame");
    fireEvent.click(within(said).getByText("撤销"));
    await waitFor(() => expect(screen.getAllByTestId("tag")).toHaveLength(1));
  });
  it("hold no customer's data", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const input = await field("tag-input");
    fixture.refuse("conversation.patch", new RpcError("bad_request", "", false, ""));
    type(input, "13812345678");
    fireEvent.keyDown(input, { key: "Enter" });
    expect(await screen.findByText(/标签里不能有客户的个人信息/)).toBeTruthy();
  });
});

describe("the summary", () => {
  const write = async (text: string) => {
    fireEvent.click(await screen.findByTestId("summary"));
    const area = await screen.findByTestId("summary-text");
    type(area, text);
    return area;
  };
  it.each([
    ["Ctrl+Enter", (area: HTMLElement) => fireEvent.keyDown(area, { key: "Enter", ctrlKey: true })],
    ["leaving it", (area: HTMLElement) => fireEvent.blur(area)],
  ])("is saved once by %s", async (_, leave) => {
    const fixture = await openDesk();
    await openRow(0);
    const area = await write("要求退差价");
    leave(area);
    await waitFor(() => expect(screen.getByTestId("summary").textContent).toBe("要求退差价"));
    expect(asked(fixture, "summary.save").map(({ args }) => args)).toEqual([
      expect.objectContaining({ text: "要求退差价" }),
    ]);
  });
  it("is kept as a draft when the conversation is left, and forgotten by Esc", async () => {
    const fixture = await openDesk();
    await openRow(0);
    await write("写到一半");
    await openRow(1);
    await waitFor(() =>
      expect(asked(fixture, "summary.draft").map(({ args }) => args)).toContainEqual(
        expect.objectContaining({ text: "写到一半" }),
      ),
    );
    await openRow(0);
    fireEvent.click(await screen.findByTestId("summary"));
    const area = await screen.findByTestId("summary-text");
    expect(area).toHaveProperty("value", "写到一半");
    fireEvent.keyDown(area, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("summary-text")).toBeNull());
    expect(asked(fixture, "summary.save")).toHaveLength(0);
    expect(asked(fixture, "summary.draft").at(-1)?.args).toMatchObject({ text: null });
  });
  it("stays in the editor when it cannot be saved", async () => {
    const fixture = await openDesk();
    await openRow(0);
    const area = await write("写好了");
    fixture.refuse("summary.save", new RpcError("storage", "", false, ""));
    fireEvent.keyDown(area, { key: "Enter", ctrlKey: true });
    expect(await screen.findByText(/磁盘写不进去/)).toBeTruthy();
    expect(await screen.findByTestId("summary-text")).toHaveProperty("value", "写好了");
  });
});

it("shows where a conflict waits, and goes there", async () => {
  const data = sampleData(Date.now());
  shapeConflicts(data, Date.now());
  await openDesk(data);
  await openRow(0);
  expect(screen.getByTestId("conflict-mark")).toBeTruthy();
  expect((await screen.findByTestId("conflict-badge")).textContent).toContain("2 处冲突待处理");
  fireEvent.click(screen.getByTestId("properties-conflict"));
  expect(await screen.findAllByTestId("conflict")).toHaveLength(2);
});

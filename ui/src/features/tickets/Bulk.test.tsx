import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { asked, openDesk } from "@/test/desk";
import { useDesk } from "./store";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

const toTable = async () => {
  const fixture = await openDesk();
  fireEvent.click(await screen.findByTestId("room-tickets"));
  await screen.findAllByTestId("ticket-board-card");
  fireEvent.keyDown(window, { code: "KeyV", key: "v", altKey: true });
  const table = await screen.findByTestId("ticket-table");
  await screen.findAllByTestId("ticket-table-row");
  return { fixture, table };
};
const row = (place: number): HTMLElement => {
  const found = screen.getAllByTestId("ticket-table-row")[place];
  if (!found) throw new Error(`no row ${place}`);
  return found;
};
const ticked = () => useDesk.getState().ticked.size;

describe("many tickets are ticked", () => {
  it("one by one by space, and as a range by Shift with an arrow", async () => {
    const { table } = await toTable();
    for (const key of ["ArrowDown", " "]) fireEvent.keyDown(table, { key });
    expect(ticked()).toBe(1);
    for (let n = 0; n < 2; n += 1) fireEvent.keyDown(table, { key: "ArrowDown", shiftKey: true });
    expect(ticked()).toBe(3);
    expect(screen.getByTestId("ticket-bulk").textContent).toContain("选了 3 张");
    fireEvent.keyDown(window, { key: "Escape" });
    expect(ticked()).toBe(0);
  });
  it("as a range by Shift with a click, which opens nothing", async () => {
    await toTable();
    fireEvent.click(row(1), { ctrlKey: true });
    fireEvent.click(row(4), { shiftKey: true });
    expect(ticked()).toBe(4);
    expect(screen.queryByTestId("ticket")).toBeNull();
  });
  it("all of them by Ctrl A", async () => {
    const { table } = await toTable();
    fireEvent.keyDown(table, { key: "a", ctrlKey: true });
    expect(ticked()).toBe(14);
    expect(screen.queryByTestId("bulk-all")).toBeNull();
  });
});

describe("what is done to many", () => {
  it("is looked at first, told ticket by ticket where it may not be, done, and taken back", async () => {
    const { fixture, table } = await toTable();
    fireEvent.keyDown(table, { key: "a", ctrlKey: true });
    fireEvent.click(screen.getByTestId("bulk-priority"));
    fireEvent.click(within(await screen.findByTestId("bulk-priorities")).getByText("紧急"));
    expect((await screen.findByTestId("bulk-preview")).textContent).toContain("张可以执行");
    const refused = screen.getByTestId("bulk-refused");
    expect(refused.textContent).toContain("T-00812");
    expect(refused.textContent).toContain("赵海在处理");
    expect(asked(fixture, "ticket.bulk").at(-1)?.args).toMatchObject({ preview: true });
    fireEvent.click(screen.getByTestId("bulk-do"));
    await waitFor(() =>
      expect(asked(fixture, "ticket.bulk").at(-1)?.args).toMatchObject({ preview: false }),
    );
    const toast = (await screen.findAllByTestId("toast")).at(-1);
    if (!toast) throw new Error("nothing is said");
    expect(toast.textContent).toContain("张不能执行");
    // Those that could not be stay ticked.
    await waitFor(() => expect(ticked()).toBe(6));
    fireEvent.click(within(toast).getByText("撤销"));
    await waitFor(() => expect(asked(fixture, "ticket.bulk_undo")).toHaveLength(1));
    expect(await screen.findByText(/已撤销 8 张/)).toBeTruthy();
  });
  it("is said to be asked back, no more, where the tickets have left", async () => {
    const { fixture, table } = await toTable();
    for (const key of ["ArrowDown", " ", "ArrowDown", " "]) fireEvent.keyDown(table, { key });
    fireEvent.keyDown(window, { code: "KeyX", key: "X", altKey: true, shiftKey: true });
    const department = await screen.findByTestId<HTMLSelectElement>("bulk-department");
    await waitFor(() => expect(department.options.length).toBeGreaterThan(1));
    fireEvent.change(department, { target: { value: department.options[1]?.value } });
    fireEvent.click(screen.getByTestId("bulk-transferring-next"));
    await screen.findByTestId("bulk-preview");
    fireEvent.click(screen.getByTestId("bulk-do"));
    fireEvent.click(await screen.findByText("撤销"));
    expect(await screen.findByText("2 张已申请撤回，对方部门未处理时生效")).toBeTruthy();
    expect(asked(fixture, "ticket.bulk_undo")).toHaveLength(1);
  });
  it("is asked for by the same keys as for one", async () => {
    const { fixture, table } = await toTable();
    for (const key of ["ArrowDown", " ", "ArrowDown", " "]) fireEvent.keyDown(table, { key });
    fireEvent.keyDown(window, { code: "KeyC", key: "C", altKey: true, shiftKey: true });
    expect((await screen.findByTestId("bulk-sure")).textContent).toContain("2 张工单：领取");
    await screen.findByTestId("bulk-preview");
    fireEvent.click(screen.getByTestId("bulk-do"));
    await waitFor(() => expect(screen.queryByTestId("bulk-sure")).toBeNull());
    expect(asked(fixture, "ticket.claim")).toHaveLength(0);
  });
});

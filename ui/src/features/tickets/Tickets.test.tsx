import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import zh from "@/i18n/zh-CN.json";
import { RpcError } from "@/platform";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";
import { useDesk } from "./store";

const first = useDesk.getState();
beforeEach(() => useDesk.setState(first, true));

const toRoom = async (change?: Parameters<typeof openDesk>[0]) => {
  const fixture = await openDesk(change);
  fireEvent.click(await screen.findByTestId("room-tickets"));
  await screen.findByTestId("tickets");
  return fixture;
};
const press = (code: string, key: string, held: object) =>
  fireEvent.keyDown(window, { code: `Key${code}`, key, ...held });
const altShift = (code: string) => press(code, code, { altKey: true, shiftKey: true });
const card = async (number: string) => {
  const cards = await screen.findAllByTestId("ticket-board-card");
  const found = cards.find(({ textContent }) => textContent?.includes(number));
  if (!found) throw new Error(`there is no card ${number}`);
  return found;
};
const open = async (number: string) => {
  fireEvent.click(await card(number));
  return screen.findByTestId("ticket");
};
const none = () => {
  const data = sampleData(Date.now()).tickets;
  return { ...data, rows: [] };
};

describe("the board", () => {
  it("shows each ticket in the column of its state, with its promise and its way", async () => {
    await toRoom();
    const late = await card("T-00812");
    expect(late.textContent).toContain("显示签收但客户没收到");
    expect(late.textContent).toMatch(/超 1[78] 分/);
    expect(late.closest("[data-column]")?.getAttribute("data-column")).toBe("open");
    expect((await card("T-00803")).textContent).toContain("已暂停");
    expect(screen.getByTestId("column-resolved").textContent).toBe("已解决1");
    expect(screen.getByTestId("room-tickets").textContent).toContain("3");
  });
  it("is walked and opened by key, and left by Esc", async () => {
    await toRoom();
    await card("T-00831");
    const board = screen.getByTestId("ticket-board");
    for (const key of ["ArrowDown", "ArrowRight", "ArrowDown", "Enter"])
      fireEvent.keyDown(board, { key });
    expect((await screen.findByTestId("ticket-number")).textContent).toBe("T-00812");
    fireEvent.keyDown(window, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("ticket")).toBeNull());
  });
  it("pushes a card by key to the next column that takes it", async () => {
    const fixture = await toRoom();
    await card("T-00831");
    const board = screen.getByTestId("ticket-board");
    fireEvent.keyDown(board, { key: "ArrowDown" });
    fireEvent.keyDown(board, { key: "ArrowRight", shiftKey: true });
    await waitFor(() => expect(asked(fixture, "ticket.move")).toHaveLength(1));
    expect(asked(fixture, "ticket.move")[0]?.args).toMatchObject({ from: "new", to: "open" });
    await waitFor(async () =>
      expect((await card("T-00831")).closest("[data-column]")?.getAttribute("data-column")).toBe(
        "open",
      ),
    );
    // Back to 新建 it may not go.
    fireEvent.keyDown(board, { key: "ArrowLeft", shiftKey: true });
    expect(asked(fixture, "ticket.move")).toHaveLength(1);
  });
  it("narrows by words, priority and promise, and says when nothing is left", async () => {
    const fixture = await toRoom();
    await card("T-00831");
    altShift("I");
    type(await screen.findByTestId("ticket-query"), "签收");
    await waitFor(() =>
      expect(
        screen.getAllByTestId("ticket-board-card").map((each) => each.dataset.id),
      ).toHaveLength(1),
    );
    fireEvent.change(screen.getByTestId("ticket-filter-due"), { target: { value: "breached" } });
    await waitFor(() =>
      expect(asked(fixture, "ticket.board").at(-1)?.args).toMatchObject({
        filter: { query: "签收", due: "breached" },
      }),
    );
    fireEvent.change(screen.getByTestId("ticket-filter-state"), {
      target: { value: "unfinished" },
    });
    await waitFor(() => expect(screen.queryByTestId("column-closed")).toBeNull());
    type(screen.getByTestId("ticket-query"), "没有这样的");
    expect((await screen.findByTestId("tickets-none")).textContent).toContain("没有符合筛选");
    fireEvent.click(screen.getByTestId("ticket-clear"));
    await card("T-00831");
  });
  it("says what to do where there is none, and that it is offline", async () => {
    const sample = sampleData(Date.now());
    await toRoom({
      tickets: none(),
      connection: { ...sample.connection, state: "offline" },
    });
    expect((await screen.findByTestId("tickets-none")).textContent).toContain("Alt N");
    expect(screen.getByTestId("tickets-offline").textContent).toContain("联网后自动同步");
  });
  it("says why it could not be read", async () => {
    const fixture = await openDesk();
    await screen.findByTestId("connection");
    fixture.refuse("ticket.board", new RpcError("storage", "", false, ""));
    fireEvent.click(await screen.findByTestId("room-tickets"));
    expect((await screen.findByTestId("tickets-error")).textContent).toContain("工单没有取到");
  });
});

describe("the table", () => {
  it("holds the same tickets", async () => {
    await toRoom();
    await card("T-00831");
    press("V", "v", { altKey: true });
    await screen.findByTestId("ticket-table");
    expect((await screen.findAllByTestId("ticket-table-row")).length).toBeGreaterThan(5);
  });
  it("takes its keys back after a row was ticked by pointer", async () => {
    await toRoom();
    await card("T-00831");
    press("V", "v", { altKey: true });
    const table = await screen.findByTestId("ticket-table");
    const row = (await screen.findAllByTestId("ticket-table-row"))[2];
    if (!row) throw new Error("no third row");
    fireEvent.click(within(row).getByRole("checkbox"));
    expect(document.activeElement).toBe(table);
    expect(screen.queryByTestId("ticket")).toBeNull();
    fireEvent.keyDown(table, { key: " " });
    await waitFor(() => expect(screen.queryByTestId("ticket-bulk")).toBeNull());
  });
  it("sorts by its heads, and the other way at the second press", async () => {
    const fixture = await toRoom();
    await card("T-00831");
    press("V", "v", { altKey: true });
    await screen.findAllByTestId("ticket-table-row");
    fireEvent.click(screen.getByRole("button", { name: "编号" }));
    fireEvent.click(screen.getByRole("button", { name: "编号" }));
    await waitFor(() =>
      expect(asked(fixture, "ticket.list").at(-1)?.args).toMatchObject({
        sort: "created",
        reversed: true,
      }),
    );
  });
});

describe("a ticket", () => {
  it("is claimed by key and says so", async () => {
    const fixture = await toRoom();
    const pane = await open("T-00830");
    expect(within(pane).getByTestId("ticket-claim")).toBeTruthy();
    altShift("C");
    await waitFor(() => expect(pane.dataset.state).toBe("open"));
    expect(await screen.findByText("T-00830 已领取")).toBeTruthy();
    expect(asked(fixture, "ticket.claim")).toHaveLength(1);
  });
  it("goes to another department with a word, to come back", async () => {
    const fixture = await toRoom();
    await open("T-00817");
    altShift("X");
    const note = await screen.findByTestId("ticket-transferring-note");
    const go = screen.getByTestId<HTMLButtonElement>("ticket-transferring-do");
    await waitFor(() => expect(go.disabled).toBe(false));
    type(note, "核对退款流水");
    fireEvent.keyDown(note, { key: "Enter", ctrlKey: true, isComposing: true });
    expect(asked(fixture, "ticket.transfer")).toHaveLength(0);
    fireEvent.keyDown(note, { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(asked(fixture, "ticket.transfer")).toHaveLength(1));
    expect(asked(fixture, "ticket.transfer")[0]?.args).toMatchObject({
      note: "核对退款流水",
      returns: true,
    });
    await waitFor(() =>
      expect(screen.getByTestId("ticket-history").textContent).toContain(
        "转到财务组，处理完退回：核对退款流水",
      ),
    );
    expect(screen.queryByTestId("ticket-resolve")).toBeNull();
  });
  it("asks for what is missing before it is resolved", async () => {
    const fixture = await toRoom();
    await open("T-00817");
    press("D", "d", { ctrlKey: true });
    const dialog = await screen.findByTestId("ticket-resolving");
    fireEvent.click(screen.getByTestId("ticket-resolving-do"));
    expect((await within(dialog).findAllByText("这一项必须填")).length).toBe(3);
    const inputs = within(dialog).getAllByTestId("form-input");
    const by = (key: string) => {
      const found = inputs.find((each) => each.dataset.key === key);
      if (!found) throw new Error(key);
      return found;
    };
    fireEvent.change(by("dispute"), { target: { value: "退款未到账" } });
    type(by("amount"), "六十");
    type(by("serial"), "4200001234");
    fireEvent.click(screen.getByTestId("ticket-resolving-do"));
    expect(await within(dialog).findByText("请填金额，例如 59.90")).toBeTruthy();
    type(by("amount"), "60");
    fireEvent.click(screen.getByTestId("ticket-resolving-do"));
    await waitFor(() => expect(screen.getByTestId("ticket").dataset.state).toBe("resolved"));
    expect(asked(fixture, "ticket.patch")[0]?.args).toMatchObject({
      values: [
        { key: "dispute", to: { kind: "choice", value: "退款未到账" } },
        { key: "amount", to: { kind: "money", value: 6000 } },
        { key: "serial", to: { kind: "text", value: "4200001234" } },
      ],
    });
  });
  it("takes a field in place, a title, a priority and a note", async () => {
    const fixture = await toRoom();
    const pane = await open("T-00817");
    const line = within(pane)
      .getAllByTestId("ticket-field")
      .find((each) => each.dataset.key === "amount");
    if (!line) throw new Error("no amount");
    fireEvent.click(within(line).getByTestId("field-edit"));
    type(within(line).getByTestId("form-input"), "59.9");
    fireEvent.keyDown(within(line).getByTestId("form-input"), { key: "Enter" });
    await waitFor(() => expect(line.textContent).toContain("¥59.90"));
    fireEvent.change(screen.getByTestId("ticket-priority"), { target: { value: "high" } });
    await waitFor(() =>
      expect(screen.getByTestId("ticket-history").textContent).toContain("优先级 紧急 → 高"),
    );
    fireEvent.click(screen.getByTestId("ticket-title"));
    type(screen.getByTestId("ticket-title-text"), "退差价 59.90 元");
    fireEvent.keyDown(screen.getByTestId("ticket-title-text"), { key: "Enter" });
    await waitFor(() =>
      expect(screen.getByTestId("ticket-title").textContent).toBe("退差价 59.90 元"),
    );
    altShift("N");
    const note = await screen.findByTestId("ticket-note");
    await waitFor(() => expect(document.activeElement).toBe(note));
    type(note, "渠道已重跑");
    fireEvent.keyDown(note, { key: "Enter", ctrlKey: true });
    await waitFor(() => expect(asked(fixture, "ticket.comment")).toHaveLength(1));
    await waitFor(() =>
      expect(screen.getByTestId("ticket-history").textContent).toContain("渠道已重跑"),
    );
  });
  it("keeps what is typed when the save is refused", async () => {
    const fixture = await toRoom();
    const pane = await open("T-00817");
    fixture.refuse("ticket.patch", new RpcError("changed_meanwhile", "", false, ""));
    const line = within(pane).getAllByTestId("ticket-field")[0];
    if (!line) throw new Error("no field");
    fireEvent.click(within(line).getByTestId("field-edit"));
    type(within(line).getByTestId("form-input"), "LX2026");
    fireEvent.keyDown(within(line).getByTestId("form-input"), { key: "Enter" });
    expect(await screen.findByText(zh.ticket.error.changed_meanwhile)).toBeTruthy();
    expect(within(line).getByTestId<HTMLInputElement>("form-input").value).toBe("LX2026");
  });
  it("moves by choice, waits for a day, and is verified or not", async () => {
    const fixture = await toRoom();
    await open("T-00817");
    altShift("M");
    type(await screen.findByTestId("ticket-moves-input"), "搁置");
    fireEvent.keyDown(screen.getByTestId("ticket-moves-input"), { key: "ArrowDown" });
    const items = screen.getAllByTestId("ticket-moves-item");
    expect(items.map(({ dataset }) => dataset.id)).not.toContain("new");
    const hold = items.find(({ dataset }) => dataset.id === "on_hold");
    if (!hold) throw new Error("no hold");
    fireEvent.click(hold);
    fireEvent.click(await screen.findByTestId("ticket-holding-do"));
    await waitFor(() => expect(screen.getByTestId("ticket").dataset.state).toBe("on_hold"));
    const args = asked(fixture, "ticket.move")[0]?.args;
    expect(args).toMatchObject({ from: "open", to: "on_hold", until: expect.any(Number) });

    fireEvent.click(screen.getByTestId("column-resolved"));
    await open("T-00760");
    fireEvent.click(screen.getByTestId("ticket-verify-fail"));
    expect(screen.getByTestId<HTMLButtonElement>("ticket-reopening-do").disabled).toBe(true);
    type(await screen.findByTestId("ticket-reopening-note"), "券还是没有到");
    fireEvent.click(screen.getByTestId("ticket-reopening-do"));
    await waitFor(() =>
      expect(asked(fixture, "ticket.verify")[0]?.args).toMatchObject({ ok: false }),
    );
  });
  it("is merged into another one after a second look", async () => {
    const fixture = await toRoom();
    await open("T-00817");
    altShift("G");
    type(await screen.findByTestId("ticket-merging-input"), "赠品");
    await waitFor(() => expect(screen.getAllByTestId("ticket-merging-item")).toHaveLength(1));
    fireEvent.keyDown(screen.getByTestId("ticket-merging-input"), { key: "Enter" });
    fireEvent.click(await screen.findByTestId("ticket-merge-do"));
    await waitFor(() => expect(asked(fixture, "ticket.merge")).toHaveLength(1));
    expect((await screen.findByTestId("ticket-number")).textContent).toBe("T-00806");
  });
  it("tells how a promise counts", async () => {
    await toRoom();
    const pane = await open("T-00817");
    fireEvent.click(within(pane).getByTestId("ticket-sla-why"));
    const promise = within(pane).getByTestId("ticket-sla");
    expect(promise.textContent).toContain("非工作时间");
    expect(promise.textContent).toContain("用了 5 小时，承诺 1 天，按「客服工作时间」计时");
  });
  it("that is gone says where it may be", async () => {
    const fixture = await toRoom();
    fixture.refuse("ticket.get", new RpcError("not_found", "", false, ""));
    fireEvent.click(await card("T-00817"));
    expect((await screen.findByTestId("ticket-gone")).textContent).toContain("别的部门");
  });
  it("is exported by a lead with what is shown, and by no agent", async () => {
    const { session } = sampleData(Date.now());
    if (session.phase === "ready") session.me = { ...session.me, role: "team_lead" };
    const fixture = await toRoom({ session });
    await card("T-00831");
    altShift("O");
    fireEvent.click(await screen.findByTestId("ticket-export-do"));
    expect(await screen.findByText(/已导出 14 张/)).toBeTruthy();
    expect(asked(fixture, "ticket.export")).toHaveLength(1);
    cleanup();
    await toRoom();
    await card("T-00831");
    altShift("O");
    expect(screen.queryByTestId("ticket-export-do")).toBeNull();
  });
});

import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { inserted, leftOver } from "@/parts/drafts";
import { RpcError } from "@/platform";
import { sampleData } from "@/platform/fixture";
import { asked, composer, openDesk, openRow, type } from "@/test/desk";

const refusal = (code: ConstructorParameters<typeof RpcError>[0]) =>
  new RpcError(code, "", false, "");
const sent = (fixture: Awaited<ReturnType<typeof openDesk>>) =>
  asked(fixture, "message.send").map(({ args }) => args);

afterEach(() => vi.useRealTimers());

describe("Enter", () => {
  it("sends what is written, once, over what was seen", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    type(field, "您好，正在查。");
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(field.value).toBe(""));
    expect(sent(fixture)).toEqual([
      expect.objectContaining({ text: "您好，正在查。", seen_seq: 48, faq_id: null }),
    ]);
    expect(await screen.findByText("您好，正在查。")).toBeTruthy();
  });
  it.each([
    ["with Shift breaks the line", { shiftKey: true }],
    ["does not send while an input method composes", { isComposing: true }],
    ["that ends a composition does not send (WebKit)", { keyCode: 229 }],
  ])("%s", async (_, keys) => {
    const fixture = await openDesk();
    const field = await openRow(0);
    type(field, "ni hao");
    expect(fireEvent.keyDown(field, { key: "Enter", ...keys })).toBe(true);
    await act(async () => undefined);
    expect(sent(fixture)).toEqual([]);
    expect(field.value).toBe("ni hao");
  });
  it("does nothing for blanks", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    type(field, "  \n ");
    fireEvent.keyDown(field, { key: "Enter" });
    await act(async () => undefined);
    expect(sent(fixture)).toEqual([]);
  });
});

describe("a reply that is not accepted", () => {
  it("over unseen messages stops, shows them, keeps the text, and can be sent anyway", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    await waitFor(() => expect(asked(fixture, "conversation.read").length).toBeGreaterThan(0));
    type(field, "预计今天到账");
    const last = fixture.data.messages.find(({ seq }) => seq === 48);
    if (!last) throw new Error("no sample message");
    fixture.data.messages = [
      ...fixture.data.messages,
      { ...last, id: "new", seq: 49, text: "算了不用查了，我看到到账了" },
    ];
    fixture.refuse("message.send", refusal("stale_reply"));
    fireEvent.keyDown(field, { key: "Enter" });
    const dialog = await screen.findByTestId("stale-dialog");
    expect(dialog.textContent).toContain("客户刚又发了 1 条");
    expect(dialog.textContent).toContain("算了不用查了，我看到到账了");
    expect(field.value).toBe("预计今天到账");
    fireEvent.click(screen.getByTestId("send-anyway"));
    await waitFor(() => expect(sent(fixture)).toHaveLength(2));
    expect(sent(fixture)[1]).toMatchObject({ text: "预计今天到账", seen_seq: 49 });
  });
  it("shows what was missed although an older look at the conversation is under way", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    type(field, "预计今天到账");
    const last = fixture.data.messages.find(({ seq }) => seq === 48);
    if (!last) throw new Error("no sample message");
    const answer = fixture.hold("conversation.get");
    fixture.emit({
      kind: "changed",
      tags: [{ tag: "conversation", id: fixture.data.rows[0]?.id ?? "" }],
    });
    fixture.data.messages = [
      ...fixture.data.messages,
      { ...last, id: "newer", seq: 60, text: "算了" },
    ];
    fixture.refuse("message.send", refusal("stale_reply"));
    fireEvent.keyDown(field, { key: "Enter" });
    expect((await screen.findByTestId("stale-dialog")).textContent).toContain("算了");
    answer();
  });
  it("to a conversation of a colleague says so and keeps the text", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    type(field, "我来处理");
    fixture.refuse("message.send", refusal("held_by_other"));
    fireEvent.keyDown(field, { key: "Enter" });
    expect((await screen.findByTestId("held-dialog")).textContent).toContain("留在草稿里");
    expect(field.value).toBe("我来处理");
  });
  it("for another reason keeps the text and the id of the message", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    type(field, "收到");
    fixture.refuse("message.send", refusal("storage"));
    fireEvent.keyDown(field, { key: "Enter" });
    expect((await screen.findAllByTestId("toast")).at(-1)?.textContent).toContain("磁盘写不进去");
    expect(field.value).toBe("收到");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(field.value).toBe(""));
    const ids = sent(fixture).map((args) =>
      typeof args === "object" && args && "message_id" in args ? args.message_id : undefined,
    );
    expect(ids[0]).toBe(ids[1]);
  });
});

describe("limits and closed states", () => {
  it("counts bytes near the limit and does not send over it", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    type(field, "好".repeat(6_000));
    expect(screen.getByText("已写 18,000 / 20,000 字节")).toBeTruthy();
    type(field, "好".repeat(6_700));
    expect(screen.getByText("超出 100 字节，请分成几条发送")).toBeTruthy();
    fireEvent.keyDown(field, { key: "Enter" });
    await act(async () => undefined);
    expect(sent(fixture)).toEqual([]);
  });
  it("says who has the conversation", async () => {
    const data = sampleData(Date.now());
    data.rows = data.rows
      .map((row) => (row.handler.kind === "colleague" ? { ...row, handler: row.handler } : row))
      .filter(({ handler }) => handler.kind === "colleague");
    await openDesk({ rows: data.rows });
    fireEvent.click(await screen.findByTestId("scope-all"));
    const [row] = await screen.findAllByTestId("conv-row");
    if (!row) throw new Error("no row");
    fireEvent.click(row);
    expect((await screen.findByTestId("composer-closed")).textContent).toContain("李娜正在接待");
    expect(screen.queryByTestId("send")).toBeNull();
  });
});

describe("drafts", () => {
  it("are kept half a second after the last key, and when the conversation is left", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    vi.useFakeTimers();
    type(field, "写到一半");
    await act(() => vi.advanceTimersByTimeAsync(499));
    expect(asked(fixture, "draft.save")).toHaveLength(0);
    await act(() => vi.advanceTimersByTimeAsync(1));
    expect(asked(fixture, "draft.save")).toHaveLength(1);
    vi.useRealTimers();
    type(field, "写到一半就走");
    await openRow(1);
    await waitFor(() =>
      expect(fixture.data.drafts[fixture.data.rows[0]?.id ?? ""]).toBe("写到一半就走"),
    );
    await openRow(0);
    await waitFor(async () => expect((await composer()).value).toBe("写到一半就走"));
  });
  it.each([
    ["while it is being kept", "我先接着办", true],
    ["after it was kept", "我来跟进", false],
  ])("stay when an older view comes %s", async (_, text, early) => {
    const fixture = await openDesk();
    const field = await openRow(0);
    const id = fixture.data.rows[0]?.id ?? "";
    const old = fixture.hold("conversation.get");
    fixture.emit({ kind: "changed", tags: [{ tag: "conversation", id }] });
    const kept = fixture.hold("draft.save");
    type(field, text);
    await waitFor(() => expect(asked(fixture, "draft.save")).toHaveLength(1));
    for (const arrives of early ? [old, kept] : [kept, old])
      await act(async () => {
        arrives();
        await new Promise((resolve) => setTimeout(resolve));
      });
    expect((await composer()).value).toBe(text);
    await waitFor(() => expect(fixture.data.drafts[id]).toBe(text));
    // The last to come may not have been drawn yet.
    await act(() => new Promise((resolve) => setTimeout(resolve, 20)));
    expect((await composer()).value).toBe(text);
  });
  it("take back a refused reply behind what is being written", async () => {
    const data = sampleData(Date.now());
    data.messages = data.messages.map((message) =>
      message.op_id ? { ...message, refused: "stale_reply" } : message,
    );
    await openDesk({ messages: data.messages });
    const field = await openRow(0);
    type(field, "另一句");
    expect((await screen.findByTestId("message-failed")).textContent).toContain(
      "没发出去，有没看到的新消息",
    );
    fireEvent.click(screen.getByTestId("to-draft"));
    await waitFor(() => expect(field.value).toBe("另一句\n收到，我马上查。"));
    expect(screen.queryByTestId("message-failed")).toBeNull();
  });
});

describe("answers", () => {
  it("stay the source while something of them is left", () => {
    expect(leftOver("退款三天到账。", "您好，退款三天到账。")).toBe(true);
    expect(leftOver("退款三天到账。", "退款四天")).toBe(true);
    expect(leftOver("退款三天到账。", "您")).toBe(false);
    expect(leftOver("退款三天到账。", "")).toBe(false);
  });
  it("go in at the caret or instead of nothing", () => {
    expect(inserted("", 0, "答案")).toBe("答案");
    expect(inserted("您好，请看", 3, "答案。")).toBe("您好，答案。请看");
  });
  it("are inserted and sent by key, with their source", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    await screen.findByTestId("suggestion-1");
    fireEvent.keyDown(window, { key: "2", code: "Digit2", ctrlKey: true });
    await waitFor(() => expect(field.value).toContain("价保记录"));
    expect(screen.getByText("来自 F-0244 第 2 版")).toBeTruthy();
    fireEvent.keyDown(window, { key: "!", code: "Digit1", ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(sent(fixture)).toHaveLength(1));
    expect(sent(fixture)[0]).toMatchObject({
      faq_id: "F-0187",
      text: expect.stringContaining("原路退回零钱"),
    });
    expect(field.value).toContain("价保记录");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(sent(fixture)).toHaveLength(2));
    expect(sent(fixture)[1]).toMatchObject({ faq_id: "F-0244" });
  });
});

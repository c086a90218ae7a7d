import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { RpcError } from "@/platform";
import { useRoutes } from "@/routes";
import { asked, composer, openDesk, openRow, type } from "@/test/desk";
import { useComposing } from "./store";

beforeEach(() => useComposing.setState({ along: {} }));

/** Types as a person does: the caret stands behind it. */
function write(field: HTMLTextAreaElement, value: string): void {
  type(field, value);
}
const frame = () => act(async () => void (await new Promise(requestAnimationFrame)));
const args = (fixture: Awaited<ReturnType<typeof openDesk>>, name: Parameters<typeof asked>[1]) =>
  asked(fixture, name).map((call) => call.args);

describe("a slash", () => {
  it("finds a canned reply by shortcode, puts it in filled, and Tab goes to the open place", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    write(field, "/tk");
    const list = await screen.findByTestId("canned-list");
    await waitFor(() => expect(within(list).getAllByTestId("canned-item")).toHaveLength(1));
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(field.value).toContain("LX2026****7213"));
    expect(field.value).not.toContain("/tk");
    await frame();
    const selected = () => field.value.slice(field.selectionStart, field.selectionEnd);
    expect(selected()).toBe("{{到账天数}}");
    field.setSelectionRange(0, 0);
    fireEvent.keyDown(field, { key: "Tab" });
    expect(selected()).toBe("{{到账天数}}");
    fireEvent.keyDown(field, { key: "Enter" });
    await act(async () => undefined);
    expect(args(fixture, "message.send"), "an open place is not sent").toEqual([]);
    write(field, field.value.replace("{{到账天数}}", "3"));
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() =>
      expect(args(fixture, "message.send")).toEqual([
        expect.objectContaining({ canned: ["k1"], text: expect.stringContaining("3 个工作日") }),
      ]),
    );
  });
  it("puts several into one reply", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    write(field, "/hi");
    await screen.findByTestId("canned-item");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(field.value).toContain("很高兴为您服务"));
    write(field, `${field.value} /签名`);
    await screen.findByTestId("canned-item");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(field.value).toContain("祝您生活愉快"));
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() =>
      expect(args(fixture, "message.send")).toEqual([
        expect.objectContaining({ canned: ["k4", "k6"] }),
      ]),
    );
  });
  it("closes with Esc and the text stays", async () => {
    await openDesk();
    const field = await openRow(0);
    write(field, "/退");
    await screen.findByTestId("canned-list");
    fireEvent.keyDown(field, { key: "Escape" });
    expect(screen.queryByTestId("canned-list")).toBeNull();
    expect(field.value).toBe("/退");
  });
  it("of a macro does the rest once the reply is out", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    write(field, "/cb");
    await screen.findByTestId("canned-item");
    fireEvent.keyDown(field, { key: "Enter" });
    expect((await screen.findByTestId("macro")).textContent).toContain("催退款");
    expect(asked(fixture, "canned.apply")).toHaveLength(0);
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() =>
      expect(args(fixture, "canned.apply")).toEqual([expect.objectContaining({ canned_id: "k2" })]),
    );
    expect(screen.queryByTestId("macro")).toBeNull();
  });
  it("of a macro that is not done waits beside the next reply, and the others are done", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    const macro = fixture.data.canned.find(({ id }) => id === "k2");
    if (!macro) throw new Error("there is no macro");
    const acts = [{ act: "add_tag" as const, tag: "另一个" }];
    const other = { ...macro, id: "k2b", draft: { ...macro.draft, acts } };
    const id = useRoutes.getState().open ?? "";
    act(() => useComposing.getState().change(id, { macros: [macro, other] }));
    fixture.refuse("canned.apply", new RpcError("illegal_state", "", false, ""));
    write(field, "已经帮您催了");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() =>
      expect(args(fixture, "canned.apply")).toMatchObject([
        { canned_id: "k2" },
        { canned_id: "k2b" },
      ]),
    );
    const said = await screen.findByText(/^回复已发出，「/);
    expect(said.textContent).toContain(macro.draft.title);
    expect((await screen.findAllByTestId("macro")).map((one) => one.textContent)).toEqual([
      expect.stringContaining("催退款"),
    ]);
    expect(asked(fixture, "message.send")).toHaveLength(1);
  });
});

describe("a note", () => {
  it("is written apart from the reply, names a colleague and goes to colleagues alone", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    write(field, "给客户的话");
    fireEvent.keyDown(window, { key: "e", code: "KeyE", ctrlKey: true });
    const note = (await screen.findByTestId("note")) as HTMLTextAreaElement;
    expect(note.value).toBe("");
    write(note, "麻烦@李");
    expect(await screen.findAllByTestId("mention")).toHaveLength(1);
    fireEvent.keyDown(note, { key: "Enter" });
    await waitFor(() => expect(note.value).toBe("麻烦@李静 "));
    fireEvent.keyDown(note, { key: "Enter" });
    await waitFor(() =>
      expect(args(fixture, "note.add")).toEqual([
        expect.objectContaining({ text: "麻烦@李静", mentions: ["a1"] }),
      ]),
    );
    expect(asked(fixture, "message.send")).toHaveLength(0);
    expect((await screen.findByTestId("message-note")).textContent).toContain("麻烦@李静");
    fireEvent.keyDown(window, { key: "e", code: "KeyE", ctrlKey: true });
    expect((await composer()).value).toBe("给客户的话");
  });
});

describe("one message", () => {
  it("is answered with a quote", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    fireEvent.keyDown(window, { key: "d", code: "KeyD", altKey: true });
    expect(await screen.findByTestId("quoting")).toBeTruthy();
    write(field, "这笔马上查");
    fireEvent.keyDown(field, { key: "Enter" });
    const asks = fixture.data.messages.findLast(({ author }) => author === "customer");
    await waitFor(() =>
      expect(args(fixture, "message.send")).toEqual([
        expect.objectContaining({ reply_to: asks?.id }),
      ]),
    );
    expect(screen.queryByTestId("quoting")).toBeNull();
  });
  it("is quoted for the next reply while the last one goes out", async () => {
    const fixture = await openDesk();
    const field = await openRow(0);
    write(field, "稍等");
    const release = fixture.hold("message.send");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(asked(fixture, "message.send")).toHaveLength(1));
    fireEvent.keyDown(window, { key: "d", code: "KeyD", altKey: true });
    expect(await screen.findByTestId("quoting")).toBeTruthy();
    await act(async () => release());
    await waitFor(() => expect(field.value).toBe(""));
    expect(screen.queryByTestId("quoting")).toBeTruthy();
  });
  it("of one's own is taken back within its time, and shown as that", async () => {
    const fixture = await openDesk();
    const mine = fixture.data.messages.findLast(({ author, seq }) => author === "me" && seq > 0);
    if (!mine) throw new Error("no message of one's own");
    fixture.data.messages = fixture.data.messages.map((each) =>
      each === mine ? { ...each, recall_until: Date.now() + 60_000 } : each,
    );
    await openRow(0);
    fireEvent.keyDown(window, { key: "U", code: "KeyU", ctrlKey: true, shiftKey: true });
    await waitFor(() =>
      expect(args(fixture, "message.recall")).toEqual([
        expect.objectContaining({ message_id: mine.id }),
      ]),
    );
    expect(await screen.findByTestId("recalled")).toBeTruthy();
  });
});

it("colleagues who look or write are shown until they leave", async () => {
  const fixture = await openDesk();
  await openRow(0);
  const id = fixture.data.rows[0]?.id ?? "";
  expect(args(fixture, "conversation.watch")).toContainEqual({ conversation_id: id });
  const tell = (doing: "viewing" | "typing" | "gone") =>
    fixture.emit({ kind: "colleague", conversation_id: id, name: "李静", doing });
  tell("viewing");
  expect((await screen.findByTestId("colleagues")).textContent).toContain("李静也在看");
  tell("typing");
  await waitFor(() => expect(screen.getByTestId("colleagues").textContent).toContain("李静正在写"));
  tell("gone");
  await waitFor(() => expect(screen.queryByTestId("colleagues")).toBeNull());
});

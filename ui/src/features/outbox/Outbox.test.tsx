import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { RpcError } from "@/platform";
import { sampleData } from "@/platform/fixture";
import { shapeConflicts } from "@/platform/fixture-property";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";

async function openCentre(change: (data: ReturnType<typeof sampleData>) => void = () => undefined) {
  const data = sampleData(Date.now());
  change(data);
  const fixture = await openDesk(data);
  fireEvent.click(await screen.findByTestId("connection"));
  await screen.findByTestId("outbox");
  return fixture;
}
const inConflict = () => openCentre((data) => shapeConflicts(data, Date.now()));
const ended = (fixture: Awaited<ReturnType<typeof openDesk>>) =>
  asked(fixture, "conflict.resolve").map(({ args }) => args);
const card = async (field: string) => {
  const cards = await screen.findAllByTestId("conflict");
  const found = cards.find((each) => each.dataset.field === field);
  if (!found) throw new Error(`no conflict over ${field}`);
  return found;
};

beforeEach(() => useRoutes.setState({ overlay: null }));

describe("conflicts", () => {
  it("show what was there, mine and theirs, and count on the strip", async () => {
    await inConflict();
    expect(screen.getByTestId("conflict-count").textContent).toBe("2 处冲突");
    const summary = await card("summary");
    expect(within(summary).getByTestId("conflict-mine").textContent).toContain("今天 18 点前回电");
    const theirs = within(summary).getByTestId("conflict-theirs");
    expect(theirs.textContent).toContain("李娜");
    expect(theirs.textContent).toContain("1–3 天到账");
    const lead = within(await card("priority")).getByTestId("conflict-theirs");
    expect(lead.textContent).toContain("张敏（班组长）");
  });
  it.each([
    ["take-mine", { kind: "mine" }, "已采用您的修改"],
    ["keep-theirs", { kind: "theirs" }, "已保留对方的修改"],
  ])("end by %s", async (button, choice, said) => {
    const fixture = await inConflict();
    fireEvent.click(within(await card("priority")).getByTestId(button));
    await waitFor(() => expect(screen.getAllByTestId("conflict")).toHaveLength(1));
    expect(ended(fixture)).toEqual([expect.objectContaining({ field: "priority", choice })]);
    expect(await screen.findByText(said)).toBeTruthy();
  });
  it("end by an editor that begins with both", async () => {
    const fixture = await inConflict();
    const summary = await card("summary");
    fireEvent.click(within(summary).getByTestId("merge"));
    const field = within(summary).getByTestId("merged-value");
    if (!(field instanceof HTMLTextAreaElement)) throw new Error("no text area");
    expect(field.value).toContain("1–3 天到账");
    expect(field.value).toContain("今天 18 点前回电");
    fireEvent.change(field, { target: { value: "两边都写上" } });
    fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
    await waitFor(() =>
      expect(ended(fixture)).toEqual([
        expect.objectContaining({
          field: "summary",
          choice: { kind: "merged", value: { field: "summary", value: "两边都写上" } },
        }),
      ]),
    );
  });
  it("are decided by key, and Esc leaves the editor before the centre", async () => {
    const fixture = await inConflict();
    const priority = await card("priority");
    priority.focus();
    fireEvent.keyDown(priority, { key: "3" });
    const choice = within(priority).getByTestId("merged-value");
    fireEvent.keyDown(choice, { key: "Escape" });
    expect(within(priority).queryByTestId("merged-value")).toBeNull();
    expect(screen.getByTestId("outbox")).toBeTruthy();
    fireEvent.keyDown(priority, { key: "1" });
    await waitFor(() => expect(ended(fixture)).toHaveLength(1));
  });
  it("stay where the desk could not end them", async () => {
    const fixture = await inConflict();
    fixture.refuse("conflict.resolve", new RpcError("storage", "", false, ""));
    fireEvent.click(within(await card("priority")).getByTestId("keep-theirs"));
    expect(await screen.findByText(/磁盘写不进去/)).toBeTruthy();
    expect(screen.getAllByTestId("conflict")).toHaveLength(2);
  });
});

describe("what waits and what was refused", () => {
  it("is told apart, with why and what to do", async () => {
    const fixture = await openCentre((data) => {
      const [waits] = data.outbox;
      if (!waits) throw new Error("no sample");
      data.outbox = [
        waits,
        {
          ...waits,
          op_id: "edit",
          kind: "conversation.patch",
          text: "",
          fields: ["priority", "tags"],
        },
        { ...waits, op_id: "held", refused: "held_by_other" },
        { ...waits, op_id: "stale", refused: "stale_reply" },
        {
          ...waits,
          op_id: "after",
          kind: "conversation.resolve",
          text: "",
          refused: "after_refused",
        },
      ];
    });
    const items = await screen.findAllByTestId("outbox-item");
    expect(items.map((item) => item.dataset.refused ?? "waits")).toEqual([
      "held_by_other",
      "stale_reply",
      "after_refused",
      "waits",
      "waits",
    ]);
    const [held, stale, after, , edit] = items;
    if (!held || !stale || !after || !edit) throw new Error("five items");
    expect(edit.textContent).toContain("修改优先级、标签");
    expect(after.textContent).toContain("前面那条没发出去");
    expect(within(after).getByTestId("outbox-discard").textContent).toBe("放弃");
    // Over unseen messages nothing is sent from here.
    expect(within(stale).queryByTestId("outbox-retry")).toBeNull();
    expect(within(stale).getByTestId("outbox-open").textContent).toBe("去查看");
    fireEvent.click(within(held).getByTestId("outbox-retry"));
    await waitFor(() =>
      expect(asked(fixture, "outbox.retry").map(({ args }) => args)).toEqual([
        { op_id: "held", seen_seq: 48 },
      ]),
    );
  });
  it.each([
    ["conversation.transfer", "转接会话"],
    ["conversation.take_back", "拿回会话"],
    ["conversation.take_over", "接管会话"],
    ["conversation.decline", "不接派单"],
    ["conversation.snooze", "挂起会话"],
    ["conversation.wake", "取消挂起"],
    ["conversation.reopen", "重新打开会话"],
    ["routing.configure", "接待设置"],
    ["personal.edit", "个人设置"],
    ["alert.silence", "预警"],
    ["alert_rule.save", "预警规则"],
    ["ticket_type.save", "工单类型"],
    ["ticket.claim", "工单"],
  ])("is called by what it does: %s", async (kind, word) => {
    await openCentre((data) => {
      const [waits] = data.outbox;
      if (!waits) throw new Error("no sample");
      data.outbox = [{ ...waits, kind, text: "", fields: [] }];
    });
    const item = await screen.findByTestId("outbox-item");
    expect(within(item).getAllByText(word, { exact: false }).length).toBeGreaterThan(0);
    expect(item.textContent).not.toContain("操作");
  });
  it("can be copied as it was written", async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal("navigator", { ...navigator, platform: "Linux", clipboard: { writeText } });
    await openCentre();
    fireEvent.click(await screen.findByTestId("outbox-copy"));
    await waitFor(() => expect(writeText).toHaveBeenCalledWith("收到，我马上查。"));
    vi.unstubAllGlobals();
  });
  it("is gone through and given up by key", async () => {
    const fixture = await openCentre((data) => {
      data.outbox = data.outbox.map((each) => ({ ...each, refused: "held_by_other" }));
    });
    const [item] = await screen.findAllByTestId("outbox-item");
    if (!item) throw new Error("no item");
    fireEvent.keyDown(item, { key: "Delete" });
    await waitFor(() => expect(asked(fixture, "outbox.discard")).toHaveLength(1));
  });
  it("says so when there is nothing", async () => {
    await openCentre((data) => {
      data.outbox = [];
    });
    expect((await screen.findByTestId("outbox")).textContent).toContain("全部已同步");
  });
});

import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, openRow } from "@/test/desk";

describe("a conversation", () => {
  it("shows bot answers with their source, events, masked parts and what is pending", async () => {
    await openDesk();
    await openRow(0);
    expect((await screen.findByTestId("message-bot")).textContent).toContain("F-0231 退差价规则");
    expect(screen.getByTestId("message-bot").textContent).toContain("第 7 版");
    expect(screen.getByTestId("message-system").textContent).toContain(
      "客户要求转人工，转到售后一组",
    );
    expect(screen.getByTitle("已遮盖的个人信息").textContent).toBe("138****5678");
    expect(screen.getByTestId("message-pending").textContent).toBe("待发送");
  });
  it("is marked as read when it is seen", async () => {
    const fixture = await openDesk();
    await openRow(0);
    await waitFor(() =>
      expect(asked(fixture, "conversation.read")[0]?.args).toMatchObject({ seq: 48 }),
    );
    await waitFor(() => expect(fixture.data.rows[0]?.unread).toBe(0));
  });
  it("fetches older messages before the oldest it has", async () => {
    const fixture = await openDesk();
    await openRow(0);
    fireEvent.click(await screen.findByTestId("load-older"));
    await waitFor(() =>
      expect(screen.getAllByTestId("message-customer").length).toBeGreaterThan(20),
    );
    expect(asked(fixture, "conversation.messages")[0]?.args).toMatchObject({
      place: { kind: "before", seq: 41 },
    });
    expect(screen.queryByTestId("load-older")).toBeNull();
  });
  it("goes to a message far up without what lies between, and back to the latest", async () => {
    const [sample] = sampleData(Date.now()).messages;
    if (!sample) throw new Error("no sample message");
    const thread = Array.from({ length: 5_000 }, (_, n) => ({
      ...sample,
      id: `t${n + 1}`,
      seq: n + 1,
      text: n === 2_499 ? "定制相框碎了" : `第 ${n + 1} 句`,
      at: n * 1_000,
    }));
    const fixture = await openDesk({
      older: thread.slice(0, -50),
      messages: thread.slice(-50),
    });
    await openRow(0);
    fireEvent.keyDown(window, { key: "f", code: "KeyF", ctrlKey: true });
    fireEvent.change(await screen.findByTestId("find"), { target: { value: "相框碎" } });
    await waitFor(() => expect(screen.getByTestId("find-count").textContent).toBe("1 / 1"));
    await waitFor(() => expect(document.querySelector("[data-seq='2500']")).toBeTruthy());
    expect(document.querySelectorAll("[data-seq]").length).toBeLessThanOrEqual(100);
    expect(asked(fixture, "conversation.messages")).toHaveLength(1);
    fireEvent.click(screen.getByTestId("new-messages"));
    await waitFor(() => expect(document.querySelector("[data-seq='5000']")).toBeTruthy());
    expect(document.querySelector("[data-seq='2500']")).toBeNull();
  });
  it("shows who is typing", async () => {
    const fixture = await openDesk();
    await openRow(0);
    fixture.emit({ kind: "customer_typing", conversation_id: fixture.data.rows[0]?.id ?? "" });
    await waitFor(() => expect(screen.getByTestId("typing").textContent).toBe("张** 正在输入"));
  });
  it("is resolved, and then closed for replies", async () => {
    const fixture = await openDesk();
    await openRow(0);
    fireEvent.click(await screen.findByTestId("resolve"));
    expect((await screen.findByTestId("composer-closed")).textContent).toContain("会话已解决");
    expect(asked(fixture, "conversation.resolve")).toHaveLength(1);
    expect(screen.queryByTestId("resolve")).toBeNull();
  });
  it.each([
    ["by what is said of it", () => fireEvent.click(screen.getByText("撤销"))],
    ["by key", () => fireEvent.keyDown(window, { code: "KeyZ", key: "z", altKey: true })],
  ])("is not resolved after all %s, once", async (_, back) => {
    const fixture = await openDesk();
    await openRow(0);
    fireEvent.click(await screen.findByTestId("resolve"));
    await screen.findByText("撤销");
    back();
    expect(await screen.findByText("C-10293 已恢复为进行中")).toBeTruthy();
    expect(await screen.findByTestId("resolve")).toBeTruthy();
    expect(asked(fixture, "conversation.reopen")).toHaveLength(1);
    expect(screen.queryByText("撤销")).toBeNull();
  });
  it("is found again among those resolved lately", async () => {
    await openDesk();
    await openRow(0);
    fireEvent.click(await screen.findByTestId("resolve"));
    await screen.findByTestId("composer-closed");
    fireEvent.keyDown(window, { code: "Digit5", key: "5", altKey: true });
    await waitFor(() =>
      expect(screen.getByTestId("scope-resolved").getAttribute("aria-selected")).toBe("true"),
    );
    await waitFor(() =>
      expect(
        screen.getAllByTestId("conv-row").some(({ textContent }) => textContent?.includes("张**")),
      ).toBe(true),
    );
  });
  it("that waits is taken", async () => {
    const fixture = await openDesk();
    fireEvent.click(await screen.findByTestId("scope-queue"));
    await waitFor(() => expect(screen.getAllByTestId("conv-row")).toHaveLength(3));
    await openRow(0);
    fireEvent.click(await screen.findByTestId("claim"));
    await waitFor(() => expect(asked(fixture, "conversation.claim")).toHaveLength(1));
    expect(await screen.findByTestId("resolve")).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByTestId("scope-mine").getAttribute("aria-selected")).toBe("true"),
    );
  });
  it("has an honest word when nothing is sure enough", async () => {
    await openDesk({ suggestions: [] });
    await openRow(0);
    expect((await screen.findByTestId("no-answer")).textContent).toContain("没有可靠答案");
    expect(screen.getByTestId("judgement").textContent).toContain("提到「12315」升为紧急");
    expect(screen.getByTestId("judgement").textContent).toContain("金卡客户不降级");
  });
  it("warns of answers that are more likely wrong than right, and holds none of them out", async () => {
    const suggestions = sampleData(0).suggestions.map((each) => ({ ...each, confidence: 0.41 }));
    await openDesk({ suggestions });
    await openRow(0);
    expect((await screen.findByTestId("no-answer")).textContent).toContain("最接近的只有 41 分");
    expect(screen.getByTestId("suggestion-1")).toBeTruthy();
    expect(screen.queryByTestId("send-now-1")).toBeNull();
  });
});

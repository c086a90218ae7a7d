import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";

const press = (key: string, held: Partial<KeyboardEventInit> = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, code: key, ...held });

async function openBell() {
  await screen.findByTestId("bell");
  fireEvent.keyDown(document.body, { key: "B", code: "KeyB", ctrlKey: true, shiftKey: true });
  return screen.findAllByTestId("bell-line");
}

describe("the bell", () => {
  it("says how many notices are new, and that they are seen once it was opened", async () => {
    const fixture = await openDesk();
    await waitFor(() =>
      expect(screen.getByTestId("bell").getAttribute("aria-label")).toBe("通知，2 条新的"),
    );
    const lines = await openBell();
    expect(lines.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining("新的：C-10293 的备注里提到了您"),
      expect.stringContaining("新的：T-00817 时限快到了"),
      expect.not.stringContaining("新的："),
      expect.stringContaining("C-10293 退回了排队"),
      expect.stringContaining("密钥用满一年"),
    ]);
    expect(asked(fixture, "bell.seen").map(({ args }) => args)).toEqual([{ up_to: 5 }]);
    await waitFor(() => expect(screen.getByTestId("bell").getAttribute("aria-label")).toBe("通知"));
    // The marks stay until it closes.
    expect(screen.getAllByTestId("bell-line")[0]?.textContent).toContain("新的：");
  });

  it("goes to what a notice is about", async () => {
    await openDesk();
    const [first] = await openBell();
    if (!first) throw new Error("there is no line");
    fireEvent.click(first);
    expect(useRoutes.getState()).toMatchObject({
      room: "inbox",
      open: "0190a000-0000-7000-8000-000000000001",
    });
    await waitFor(() => expect(screen.queryByTestId("bell-lines")).toBeNull());
  });

  it("opens the review that it is about, where its reader works on it", async () => {
    const review_id = "0190f300-0000-7000-8000-000000000044";
    const what = { kind: "review" as const, review_id, number: "C-10293" };
    await openDesk({
      bell: {
        lines: [
          { n: 2, at: Date.now(), what: { ...what, news: "appealed" } },
          { n: 1, at: Date.now(), what: { ...what, news: "changed" } },
        ],
        seen: 0,
        n_new: 2,
      },
    });
    const [appealed, changed] = await openBell();
    expect(appealed?.textContent).toContain("您评过的 C-10293 有申诉，请复核");
    expect(changed?.textContent).toContain("您对 C-10293 的申诉已复核：已改判");
    fireEvent.click(appealed as HTMLElement);
    expect(useRoutes.getState()).toMatchObject({
      room: "quality",
      qualityTab: "reviews",
      review: review_id,
    });
    const [, again] = await openBell();
    fireEvent.click(again as HTMLElement);
    expect(useRoutes.getState()).toMatchObject({ qualityTab: "mine", review: review_id });
  });

  it("tells of what was set aside and is open again, and goes there", async () => {
    const conversation_id = "0190a000-0000-7000-8000-000000000001";
    const what = { kind: "woken" as const, conversation_id, number: "C-10293" };
    await openDesk({ bell: { lines: [{ n: 1, at: Date.now(), what }], seen: 0, n_new: 1 } });
    const [woken] = await openBell();
    expect(woken?.textContent).toContain("C-10293 的挂起结束");
    fireEvent.click(woken as HTMLElement);
    expect(useRoutes.getState()).toMatchObject({ room: "inbox", open: conversation_id });
  });

  it("is walked through by the arrows", async () => {
    await openDesk();
    const lines = await openBell();
    lines[0]?.focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(lines[1]);
    press("End");
    expect(document.activeElement).toBe(lines[4]);
    press("ArrowDown");
    expect(document.activeElement).toBe(lines[4]);
    press("Home");
    expect(document.activeElement).toBe(lines[0]);
  });

  it("says that there is nothing yet", async () => {
    await openDesk({ bell: { lines: [], seen: 0, n_new: 0 } });
    await screen.findByTestId("bell");
    fireEvent.click(screen.getByTestId("bell"));
    expect(await screen.findByText("还没有通知")).toBeTruthy();
  });
});

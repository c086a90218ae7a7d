import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk } from "@/test/desk";

const rows = () => sampleData(Date.now()).rows;

describe("rows", () => {
  it("show who, what, how long and what waits to be sent", async () => {
    await openDesk();
    const [first, second] = await screen.findAllByTestId("conv-row");
    expect(first?.textContent).toContain("张**");
    expect(first?.textContent).toMatch(/2:[1-5]\d/);
    expect(first?.querySelector("[data-testid=pending-mark]")).toBeTruthy();
    expect(second?.textContent).toMatch(/超 0:[45]\d/);
    expect(screen.getByTestId("scope-queue").textContent).toContain("3");
  });
  it("name a guest by number", async () => {
    await openDesk();
    await screen.findAllByTestId("conv-row");
    expect(screen.getByText("访客")).toBeTruthy();
    expect(screen.getByText("C-10300")).toBeTruthy();
  });
  it("are moved over by arrow and opened by Enter", async () => {
    await openDesk();
    const list = await screen.findByTestId("conv-list");
    fireEvent.keyDown(list, { key: "ArrowDown" });
    fireEvent.keyDown(list, { key: "ArrowDown" });
    expect(screen.queryByTestId("conversation")).toBeNull();
    fireEvent.keyDown(list, { key: "Enter" });
    const row = (await screen.findAllByTestId("conv-row"))[1];
    expect((await screen.findByTestId("conversation")).dataset.id).toBe(row?.dataset.id);
    expect(row?.getAttribute("aria-selected")).toBe("true");
  });
  it("of ten thousand exist only where they are seen", async () => {
    const [row] = rows();
    if (!row) throw new Error("no sample row");
    await openDesk({ rows: Array.from({ length: 10_000 }, (_, n) => ({ ...row, id: `r${n}` })) });
    expect((await screen.findAllByTestId("conv-row")).length).toBeLessThan(60);
    expect(screen.getByTestId("scope-mine").textContent).toContain("10,000");
  });
});

describe("an empty scope says what to do", () => {
  it("mine, while others wait: take the next", async () => {
    const fixture = await openDesk({
      rows: rows().filter(({ handler }) => handler.kind === "queue"),
    });
    expect((await screen.findByTestId("empty-mine")).textContent).toMatch(
      /排队里还有 3 位客户在等，最久 3:\d\d。/,
    );
    fireEvent.click(screen.getByText("接下一位"));
    await waitFor(() => expect(asked(fixture, "conversation.claim")).toHaveLength(1));
    expect(await screen.findByTestId("conversation")).toBeTruthy();
  });
  it("mine, while nobody waits", async () => {
    await openDesk({ rows: [] });
    expect((await screen.findByTestId("empty-mine")).textContent).toContain("现在没有客户在等");
  });
  it.each(["queue", "all", "snoozed"] as const)("%s", async (scope) => {
    await openDesk({ rows: [] });
    fireEvent.click(await screen.findByTestId(`scope-${scope}`));
    expect((await screen.findByTestId(`empty-${scope}`)).textContent?.length).toBeGreaterThan(10);
  });
});

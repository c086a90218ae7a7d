import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";

const as = (role: "agent" | "team_lead" | "admin") => {
  const { session } = sampleData(Date.now());
  if (session.phase !== "ready") throw new Error("the sample desk is not open");
  return { session: { ...session, me: { ...session.me, role } } };
};
const room = async () => fireEvent.click(await screen.findByTestId("room-knowledge"));

describe("the knowledge room", () => {
  it("lists, narrows and opens entries", async () => {
    const fixture = await openDesk(as("agent"));
    await room();
    expect(await screen.findAllByTestId("faq-row")).toHaveLength(5);
    type(screen.getByTestId("faq-query"), "包邮");
    await waitFor(() => expect(screen.getAllByTestId("faq-row")).toHaveLength(1));
    type(screen.getByTestId("faq-query"), "没有这样的词");
    expect(await screen.findByTestId("faq-none")).toBeTruthy();
    type(screen.getByTestId("faq-query"), "");
    fireEvent.click(await screen.findByText("积分"));
    await waitFor(() => expect(screen.getAllByTestId("faq-row")).toHaveLength(1));
    fireEvent.click(screen.getByTestId("faq-row"));
    expect((await screen.findByTestId("faq-entry")).textContent).toContain("这个条目没有答案");
    expect(asked(fixture, "faq.get")).toHaveLength(1);
  });

  it("keeps the health report from agents", async () => {
    await openDesk(as("agent"));
    await room();
    await screen.findAllByTestId("faq-row");
    expect(screen.queryByTestId("knowledge-health")).toBeNull();
  });

  it("checks the knowledge and opens what was found", async () => {
    const fixture = await openDesk(as("team_lead"));
    await room();
    fireEvent.click(await screen.findByTestId("knowledge-health"));
    await screen.findByTestId("health-run");
    fixture.data.health = {
      ...fixture.data.health,
      state: { kind: "running", done: 30, total: 120 },
    };
    fixture.emit({ kind: "changed", tags: [{ tag: "health" }] });
    const progress = await screen.findByTestId("health-progress");
    expect(progress.textContent).toBe("正在用 120 个问法逐个试问，已试 30 个");
    fireEvent.click(screen.getByTestId("health-stop"));
    expect(await screen.findByText(/检查已停止/)).toBeTruthy();
    fireEvent.click(screen.getByTestId("health-run"));
    const summary = await screen.findByTestId("health-summary");
    expect(summary.textContent).toContain("78% 仍由本条目答对");
    const confusable = await screen.findByTestId("kind-confusable");
    expect(within(confusable).getAllByTestId("finding")).toHaveLength(2);
    expect(confusable.textContent).toContain("藏起来后被 F-0244 抢走");
    fireEvent.click(within(confusable).getByText("满多少包邮"));
    expect((await screen.findByTestId("faq-entry")).textContent).toContain("单笔满 99 元包邮");
  });
});

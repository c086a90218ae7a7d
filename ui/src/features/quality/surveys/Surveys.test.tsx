import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { useRoutes } from "@/routes";
import { asked, openDesk } from "@/test/desk";

const room = async () => {
  fireEvent.click(await screen.findByTestId("room-quality"));
  fireEvent.click(await screen.findByTestId("quality-surveys"));
};

describe("what customers said of the agent", () => {
  it("stands in numbers and rows, and opens the conversation", async () => {
    const fixture = await openDesk();
    await room();
    expect((await screen.findByTestId("survey-satisfied")).textContent).toContain("66.7%");
    expect(screen.getByTestId("survey-answered").textContent).toContain("占邀请的 75.0%");
    expect(screen.getByTestId("survey-average").textContent).toContain("3.67");
    const rows = screen.getAllByTestId("survey-row");
    expect(rows).toHaveLength(4);
    expect(rows[0]?.textContent).toContain("很耐心");
    expect(screen.getAllByRole("img", { name: "2 分，满分 5 分" })).toHaveLength(1);
    expect(rows[3]?.textContent).toContain("已提醒，等待评价");
    fireEvent.click(screen.getByText("近 7 天"));
    expect(await screen.findByTestId("surveys-none")).toBeTruthy();
    expect(screen.getByTestId("survey-satisfied").textContent).toContain("—");
    expect(asked(fixture, "survey.mine").map(({ args }) => args)).toEqual([
      { days: 30 },
      { days: 7 },
    ]);
    fireEvent.click(screen.getByText("近 30 天"));
    fireEvent.click((await screen.findAllByTestId("survey-row"))[0] as HTMLElement);
    expect(useRoutes.getState()).toMatchObject({
      room: "inbox",
      open: fixture.data.surveys[0]?.conversation_id,
    });
  });

  it("is drawn again when a mark comes", async () => {
    const fixture = await openDesk();
    await room();
    await screen.findAllByTestId("survey-row");
    const waits = fixture.data.surveys.at(-1);
    if (!waits) throw new Error("nobody is asked");
    Object.assign(waits, { score: 5, answered_at: Date.now(), is_open: false });
    fixture.emit({ kind: "changed", tags: [{ tag: "surveys" }] });
    await waitFor(() => expect(screen.getByTestId("survey-average").textContent).toContain("4.00"));
  });
});

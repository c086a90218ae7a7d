import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { RpcError } from "@/platform";
import { sampleData } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk, type } from "@/test/desk";

async function openRules() {
  const { session } = sampleData(0);
  if (session.phase !== "ready") throw new Error("nobody is signed in");
  const lead = { ...session, me: { ...session.me, role: "team_lead" as const } };
  const fixture = await openDesk({ session: lead });
  await screen.findByTestId("room-metrics");
  useRoutes.setState({ rule: null });
  useRoutes.getState().showAlerts("rules");
  await screen.findAllByTestId("rule-row");
  return fixture;
}
const sentence = () => screen.getByTestId("rule-sentence").textContent ?? "";
const choose = (testId: string, value: string) =>
  fireEvent.change(screen.getByTestId(testId), { target: { value } });
const open = async (n: number) => {
  const row = screen.getAllByTestId("rule-row")[n];
  if (!row) throw new Error(`there is no rule ${n}`);
  fireEvent.click(row);
  await screen.findByTestId("rule-editor");
};

describe("a rule that is edited", () => {
  it("is said in words while it is written, and saved over the edition that was seen", async () => {
    const fixture = await openRules();
    await open(0);
    expect(sentence()).toContain("响应失败率高于 10%");
    expect(screen.getByTestId("rule-save")).toMatchObject({ disabled: true });
    type(screen.getByTestId("rule-limit"), "12.5");
    expect(sentence()).toContain("响应失败率高于 12.5%");
    fireEvent.click(screen.getByTestId("rule-save"));
    await waitFor(() => expect(asked(fixture, "alert.rule_save")).toHaveLength(1));
    expect(asked(fixture, "alert.rule_save")[0]?.args).toMatchObject({
      base: 2,
      draft: { condition: { kind: "above", limit: 1_250, clear: 800 } },
    });
    await waitFor(() => expect(screen.queryByTestId("rule-editor")).toBeNull());
  });

  it("is not saved while something is wrong with it, which is said beside the field", async () => {
    const fixture = await openRules();
    await open(0);
    type(screen.getByTestId("rule-clear"), "20");
    fireEvent.click(screen.getByTestId("rule-save"));
    expect(await screen.findByText("恢复值要在阈值好的一侧")).toBeTruthy();
    expect(screen.getByText("先把左边的问题改好。")).toBeTruthy();
    expect(asked(fixture, "alert.rule_save")).toHaveLength(0);
  });

  it("shows when it would have fired, and says why it cannot", async () => {
    const fixture = await openRules();
    await open(0);
    expect((await screen.findByTestId("preview-count")).textContent).toMatch(/^会报 \d+ 次/);
    expect(screen.getByTestId("preview-fired").children.length).toBeGreaterThan(0);
    fixture.refuse("alert.rule_preview", new RpcError("offline", "", true, ""));
    fireEvent.click(screen.getByText("14 天"));
    await waitFor(() => expect(asked(fixture, "alert.rule_preview").length).toBeGreaterThan(1));
    expect(await screen.findByText("再试一次")).toBeTruthy();
    fireEvent.click(screen.getByText("再试一次"));
    expect(await screen.findByTestId("preview-count")).toBeTruthy();
  });

  it("says from when on there was something to compare with", async () => {
    await openRules();
    await open(4);
    await screen.findByTestId("preview-count");
    expect(screen.queryByTestId("preview-unjudged")).toBeNull();
    fireEvent.click(screen.getByText("14 天"));
    const said = await screen.findByTestId("preview-unjudged");
    expect(said.textContent).toMatch(/\d\d:\d\d 以前没有足够的历史可比/);
    expect(screen.getByTestId("preview-count")).toBeTruthy();
    choose("rule-kind", "above");
    await waitFor(() => expect(screen.queryByTestId("preview-unjudged")).toBeNull());
  });

  it("loses with its number what that one cannot have", async () => {
    await openRules();
    await open(4);
    expect(sentence()).toContain("比前 7 天同一时段多 150%");
    choose("rule-measure", "backlog");
    expect(sentence()).toContain("整个组织，积压高于 50");
    expect(screen.queryByTestId("rule-window")).toBeNull();
    const kinds = [...screen.getByTestId("rule-kind").querySelectorAll("option")];
    expect(kinds.map(({ value }) => value)).toEqual(["above", "below"]);
  });
});

describe("a new rule", () => {
  it("wants a name only when it is saved, and may escalate and be quiet", async () => {
    const fixture = await openRules();
    fireEvent.click(screen.getByTestId("rule-new"));
    await screen.findByTestId("rule-editor");
    expect(screen.queryByText("给它起个名字")).toBeNull();
    fireEvent.click(screen.getByTestId("rule-save"));
    expect(await screen.findByText("给它起个名字")).toBeTruthy();
    type(screen.getByTestId("rule-name"), " 退款失败率 ");
    fireEvent.click(screen.getByTestId("rule-add-step"));
    fireEvent.click(screen.getByTestId("rule-quiet"));
    expect(sentence()).toContain("再过 10 分钟没人确认，告诉班组长和管理员。");
    expect(sentence()).toContain("22:00 到 08:00 不打扰");
    fireEvent.click(screen.getByTestId("rule-save"));
    await waitFor(() => expect(asked(fixture, "alert.rule_save")).toHaveLength(1));
    expect(asked(fixture, "alert.rule_save")[0]?.args).toMatchObject({
      base: 0,
      draft: { name: "退款失败率", escalation: [{ after_min: 10 }], quiet: { from: 1_320 } },
    });
  });

  it("can be removed, once one is sure", async () => {
    const fixture = await openRules();
    await open(5);
    fireEvent.click(screen.getByTestId("rule-remove"));
    fireEvent.click(await screen.findByTestId("rule-remove-sure"));
    await waitFor(() => expect(asked(fixture, "alert.rule_remove")).toHaveLength(1));
    await waitFor(() => expect(screen.getAllByTestId("rule-row")).toHaveLength(5));
  });
});

import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Role } from "@/ipc/generated/Role";
import { type Data, makeFixture } from "@/platform/fixture";
import { useRoutes } from "@/routes";
import { asked, openDesk, type } from "@/test/desk";

// Each goes through many steps, and the machine may be busy with other things.
beforeEach(() => useRoutes.setState({ room: "inbox", qualityTab: null, review: null }));

async function quality(role: Role, change: Partial<Data> = {}) {
  const { session } = makeFixture().data;
  if (session.phase !== "ready") throw new Error("not signed in");
  const me = { ...session.me, role };
  const fixture = await openDesk({ session: { ...session, me }, ...change });
  fireEvent.click(await screen.findByTestId("room-quality"));
  return fixture;
}
const box = (id: string) => screen.getByTestId(`quality-points-${id}`) as HTMLInputElement;
const total = () => screen.getByTestId("quality-total").textContent;
const submit = () =>
  fireEvent.keyDown(window, { key: "Y", code: "KeyY", ctrlKey: true, altKey: true });

describe("scoring", () => {
  it("begins from what the machine found, and says why the conversation was sampled", async () => {
    await quality("team_lead");
    expect(await screen.findAllByTestId("quality-row")).toHaveLength(3);
    await screen.findByTestId("quality-total");
    const row = screen.getAllByTestId("quality-row")[0];
    expect(row?.textContent).toContain("李娜");
    expect(row?.textContent).toContain("客户评 2 分、提到「12315」");
    expect(row?.textContent).toContain("预评 77.0");
    expect(box("response").value).toBe("7");
    expect(box("correctness").value).toBe("25");
    expect(total()).toContain("77.0");
    expect(total()).toContain("不合格");
  });

  it("shows the message that a finding stands in", async () => {
    await quality("team_lead");
    await screen.findByText("系统今天有点慢，我也没办法，您再等等。");
    fireEvent.click(screen.getAllByTestId("quality-evidence")[0] as HTMLElement);
    const sought = () => document.querySelector("[data-sought]");
    expect(sought()?.getAttribute("data-seq")).toBe("6");
    fireEvent.keyDown(window, { key: "Z", code: "KeyZ", ctrlKey: true, altKey: true });
    await waitFor(() => expect(sought()?.getAttribute("data-seq")).toBe("9"));
  });

  it("is done by keys alone, and the next one follows", async () => {
    const fixture = await quality("team_lead");
    await screen.findByTestId("quality-total");
    box("greeting").focus();
    fireEvent.keyDown(box("greeting"), { key: "ArrowDown" });
    expect(document.activeElement).toBe(box("response"));
    type(box("response"), "99");
    expect(box("response").value).toBe("20");
    fireEvent.keyDown(box("response"), { key: "Enter" });
    expect(document.activeElement).toBe(box("wording"));
    type(box("wording"), "");
    expect(box("wording").value).toBe("");
    type(box("wording"), "15");
    fireEvent.keyDown(box("promise"), { key: "-" });
    expect(box("promise").value).toBe("");
    expect(screen.getByTestId("quality-out-promise").getAttribute("aria-pressed")).toBe("true");
    await waitFor(() => expect(total()).toContain("100.0"));
    type(screen.getByTestId("quality-comment"), "  解释清楚 ");
    submit();
    await waitFor(() => expect(asked(fixture, "quality.score")).toHaveLength(1));
    expect(asked(fixture, "quality.score")[0]?.args).toMatchObject({
      review_id: fixture.data.quality.reviews[0]?.row.id,
      comment: "解释清楚",
    });
    const sent = asked(fixture, "quality.score")[0]?.args as { marks: { item: string }[] };
    expect(sent.marks.find(({ item }) => item === "promise")).toMatchObject({
      mark: { kind: "not_applicable" },
    });
    await waitFor(() => expect(screen.getAllByTestId("quality-row")).toHaveLength(2));
    await waitFor(() =>
      expect(useRoutes.getState().review).toBe(fixture.data.quality.reviews[1]?.row.id),
    );
  });

  it("is nothing when a veto is hit, and can go back to what the machine found", async () => {
    await quality("admin");
    await screen.findByTestId("quality-total");
    const veto = screen.getByTestId("quality-veto-abuse");
    fireEvent.keyDown(veto, { key: "1" });
    await waitFor(() => expect(total()).toContain("一票否决"));
    expect(total()).toContain("0.0");
    fireEvent.click(screen.getByText("恢复预评"));
    await waitFor(() => expect(total()).toContain("77.0"));
  });

  it("keeps marks that were not sent while another review is looked at", async () => {
    await quality("team_lead");
    await screen.findByTestId("quality-total");
    type(box("correctness"), "11");
    const rows = screen.getAllByTestId("quality-row");
    fireEvent.click(rows[1] as HTMLElement);
    await waitFor(() => expect(box("correctness").value).toBe("25"));
    fireEvent.click(rows[0] as HTMLElement);
    await waitFor(() => expect(box("correctness").value).toBe("11"));
    fireEvent.click(screen.getByText("恢复预评"));
  });
});

describe("a conversation that goes on while it is scored", () => {
  it("is marked anew, and keeps what was written", async () => {
    const fixture = await quality("team_lead");
    await screen.findByTestId("quality-total");
    type(box("correctness"), "11");
    type(screen.getByTestId("quality-comment"), "解释清楚");
    const [review, ...others] = fixture.data.quality.reviews;
    if (!review) throw new Error("there is no review");
    const row = { ...review.row, ended_at: review.row.ended_at + 60_000, agent: "赵敏" };
    fixture.data.quality.reviews = [{ ...review, row }, ...others];
    fixture.emit({ kind: "changed", tags: [{ tag: "quality" }] });
    await screen.findByTestId("quality-old");
    expect(box("correctness").value).toBe("25");
    expect((screen.getByTestId("quality-comment") as HTMLTextAreaElement).value).toBe("解释清楚");
    type(box("correctness"), "20");
    await waitFor(() => expect(screen.queryByTestId("quality-old")).toBeNull());
    expect(box("correctness").value).toBe("20");
    fireEvent.click(screen.getByText("恢复预评"));
  });
});

describe("a long list", () => {
  it("is counted as a whole and comes page by page", async () => {
    const { quality: data } = makeFixture().data;
    const [like] = data.reviews;
    if (!like) throw new Error("there is no review");
    const reviews = Array.from({ length: 612 }, (_, n) => {
      const id = `0190f300-0000-7000-9000-${String(n).padStart(12, "0")}`;
      return { ...like, row: { ...like.row, id, state: "open" as const } };
    });
    const fixture = await quality("team_lead", { quality: { ...data, reviews } });
    await screen.findByTestId("quality-total");
    expect(screen.getByTestId("quality-scope").textContent).toContain("待质检 612");
    expect(screen.getAllByTestId("quality-row")).toHaveLength(100);
    expect(screen.getByTestId("quality-shown").textContent).toBe("显示 100 / 612 份");
    fireEvent.click(screen.getByTestId("quality-more"));
    await waitFor(() => expect(screen.getAllByTestId("quality-row")).toHaveLength(200));
    expect(asked(fixture, "quality.list").at(-1)?.args).toMatchObject({ from: 100, limit: 100 });
  });
});

describe("a long time of one's own reviews", () => {
  it("says how many of them are listed", async () => {
    const { quality: data, session } = makeFixture().data;
    const like = data.reviews.find(({ scored }) => scored !== null);
    if (!like || session.phase !== "ready") throw new Error("there is no review");
    const reviews = Array.from({ length: 503 }, (_, n) => {
      const id = `0190f300-0000-7000-9000-${String(n).padStart(12, "0")}`;
      const own = { id, agent_id: session.me.id, scored_at: Date.now() };
      return { ...like, row: { ...like.row, ...own } };
    });
    await quality("agent", { quality: { ...data, reviews } });
    expect((await screen.findByTestId("quality-n")).textContent).toContain("503");
    expect(screen.getByTestId("quality-shown").textContent).toBe("显示 500 / 503 份");
  });
});

describe("appeals", () => {
  it("are the agent's own, once, with a reason", async () => {
    const fixture = await quality("agent");
    expect((await screen.findByTestId("quality-mean")).textContent).toContain("90.0");
    expect(screen.queryByTestId("quality-reviews")).toBeNull();
    expect(screen.getByTestId("quality-losses").textContent).toContain("响应及时");
    fireEvent.click(screen.getAllByTestId("quality-row")[0] as HTMLElement);
    const why = await screen.findByTestId("quality-appeal-why");
    expect((screen.getByTestId("quality-appeal-send") as HTMLButtonElement).disabled).toBe(true);
    type(why, "系统当时卡顿，已向组长报备");
    submit();
    await waitFor(() => expect(asked(fixture, "quality.appeal")).toHaveLength(1));
    expect((await screen.findByTestId("quality-appeal-text")).textContent).toBe(
      "系统当时卡顿，已向组长报备",
    );
    expect(screen.queryByTestId("quality-appeal-why")).toBeNull();
  });

  it("are upheld with a reason, or the marks are changed", async () => {
    const fixture = await quality("team_lead");
    const scope = await screen.findByTestId("quality-scope");
    expect(scope.textContent).toContain("申诉 1");
    fireEvent.change(scope, { target: { value: "appeals" } });
    expect((await screen.findByTestId("quality-appeal-text")).textContent).toContain("活动页");
    fireEvent.click(screen.getByTestId("quality-change"));
    await screen.findByTestId("quality-total");
    expect(box("correctness").value).toBe("15");
    expect((screen.getByTestId("quality-submit") as HTMLButtonElement).disabled).toBe(true);
    type(box("correctness"), "25");
    type(screen.getByTestId("quality-comment"), "活动页确实写了 3 天");
    submit();
    await waitFor(() => expect(asked(fixture, "quality.decide")).toHaveLength(1));
    expect((await screen.findByTestId("quality-decision")).textContent).toBe("活动页确实写了 3 天");
    expect(screen.getByTestId("quality-result").textContent).toContain("87.0");
    expect(screen.getByText("原 15 / 25")).toBeTruthy();
  });
});

describe("calibration", () => {
  it("lists and counts what others did alone", async () => {
    const { quality: data, session } = makeFixture().data;
    const like = data.reviews.find(({ scored }) => scored !== null);
    if (!like || session.phase !== "ready") throw new Error("there is no review");
    const me = session.me.id;
    const reviews = Array.from({ length: 240 }, (_, n) => {
      const id = `0190f300-0000-7000-9000-${String(n).padStart(12, "0")}`;
      const agent_id = n % 2 === 0 ? me : like.row.agent_id;
      return { ...like, row: { ...like.row, id, agent_id, state: "done" as const } };
    });
    await quality("team_lead", { quality: { ...data, reviews } });
    fireEvent.click(await screen.findByTestId("quality-calibrate"));
    await waitFor(() =>
      expect(screen.getByTestId("quality-shown").textContent).toBe("显示 100 / 120 份"),
    );
    expect(screen.getAllByTestId("quality-row")).toHaveLength(100);
  });

  it("is done without seeing what the first one found, and shows the difference then", async () => {
    const fixture = await quality("team_lead");
    fireEvent.click(await screen.findByTestId("quality-calibrate"));
    await screen.findByTestId("quality-total");
    expect(asked(fixture, "quality.get").at(-1)?.args).toMatchObject({ blind: true });
    expect(screen.getAllByTestId("quality-row")[0]?.textContent).not.toContain("77.0");
    expect(screen.queryByTestId("quality-apart")).toBeNull();
    submit();
    await waitFor(() => expect(asked(fixture, "quality.calibrate")).toHaveLength(1));
    const apart = await screen.findByTestId("quality-apart");
    expect(within(apart).getByText("与初评差 +10.0")).toBeTruthy();
  });
});

describe("the trend", () => {
  it("is a line of everybody's mean by month, with a chosen agent's beside it", async () => {
    await quality("team_lead");
    fireEvent.click(await screen.findByTestId("quality-months"));
    const chart = await screen.findByTestId("quality-months-chart");
    const grid = within(chart).getByRole("table");
    expect(grid.textContent).toContain("全部坐席");
    const [row] = screen.getAllByTestId("quality-months-row");
    if (!row) throw new Error("nobody was scored");
    const who = within(row).getByRole("button");
    fireEvent.click(who);
    expect(who.getAttribute("aria-pressed")).toBe("true");
    expect(grid.textContent).toContain(who.textContent);
    fireEvent.click(who);
    expect(who.getAttribute("aria-pressed")).toBe("false");
  });

  it("is no agent's", async () => {
    await quality("agent");
    await screen.findByTestId("quality-mean");
    expect(screen.queryByTestId("quality-months")).toBeNull();
  });
});

describe("forms and rules", () => {
  it("are an administrator's to change", async () => {
    await quality("team_lead");
    fireEvent.click(await screen.findByTestId("quality-forms"));
    await screen.findByTestId("quality-form-editor");
    expect(screen.queryByTestId("quality-form-save")).toBeNull();
    expect(screen.queryByTestId("quality-form-new")).toBeNull();
  });

  it("are saved over the edition that was seen, when nothing is missing", async () => {
    const fixture = await quality("admin");
    fireEvent.click(await screen.findByTestId("quality-forms"));
    await screen.findByTestId("quality-form-editor");
    fireEvent.click(screen.getByTestId("quality-item-add"));
    expect(screen.getByTestId("quality-form-weight").textContent).toContain("110");
    submit();
    await waitFor(() => expect(asked(fixture, "quality.form_check").length).toBeGreaterThan(0));
    await waitFor(() => expect(screen.getAllByText("名称不能为空").length).toBeGreaterThan(0));
    expect(asked(fixture, "quality.form_save")).toHaveLength(0);
    type(screen.getByTestId("quality-item-name"), "记录完整");
    submit();
    await waitFor(() => expect(asked(fixture, "quality.form_save")).toHaveLength(1));
    expect(asked(fixture, "quality.form_save")[0]?.args).toMatchObject({ base: 1 });
  });

  it("keep what is written whatever others save, and the conflict is told on saving", async () => {
    const fixture = await quality("admin");
    fireEvent.click(await screen.findByTestId("quality-forms"));
    const name = () => screen.getByTestId("quality-form-name") as HTMLInputElement;
    await screen.findByTestId("quality-form-editor");
    const { quality: data } = fixture.data;
    const [form] = data.forms;
    if (!form) throw new Error("there is no form");
    const saved = async (forms: typeof data.forms) => {
      const n = asked(fixture, "quality.forms").length;
      data.forms = forms;
      fixture.emit({ kind: "changed", tags: [{ tag: "quality" }] });
      await waitFor(() => expect(asked(fixture, "quality.forms").length).toBeGreaterThan(n));
      await waitFor(() =>
        expect(screen.getAllByTestId("quality-form-row")).toHaveLength(forms.length),
      );
    };
    const another = { ...form, id: "0190f300-0000-7000-9000-00000000000a" };
    const named = (draft: typeof form.draft, to: string) => ({ ...draft, name: to });
    // Nothing is written yet: what is shown is what is there.
    const theirs = { ...form, edition: 2, draft: named(form.draft, "组长改的") };
    await saved([theirs]);
    await waitFor(() => expect(name().value).toBe("组长改的"));
    type(name(), "我改的");
    const first = { ...another, draft: named(form.draft, "A 组评分表") };
    await saved([first, theirs]);
    expect(name().value).toBe("我改的");
    const again = { ...theirs, edition: 3, draft: named(form.draft, "又改了") };
    await saved([first, again]);
    await screen.findByText("又改了");
    expect(name().value).toBe("我改的");
    submit();
    await waitFor(() => expect(asked(fixture, "quality.form_save")).toHaveLength(1));
    expect(asked(fixture, "quality.form_save")[0]?.args).toMatchObject({ id: form.id, base: 2 });
    expect(await screen.findByText(/别人刚改过/)).toBeTruthy();
    expect(name().value).toBe("我改的");
    // Left and taken up again it is theirs.
    const row = (n: number) => screen.getAllByTestId("quality-form-row")[n] as HTMLElement;
    fireEvent.click(row(0));
    await waitFor(() => expect(name().value).toBe("A 组评分表"));
    fireEvent.click(row(1));
    await waitFor(() => expect(name().value).toBe("又改了"));
    type(name(), "我改的");
    submit();
    await waitFor(() => expect(asked(fixture, "quality.form_save")).toHaveLength(2));
    expect(asked(fixture, "quality.form_save")[1]?.args).toMatchObject({ base: 3 });
  });

  it("are said in words, and a rule can be made and removed", async () => {
    const fixture = await quality("admin");
    fireEvent.click(await screen.findByTestId("quality-rules"));
    fireEvent.click(await screen.findByTestId("quality-rule-new"));
    type(await screen.findByTestId("quality-rule-name"), "敏感词");
    fireEvent.click(within(screen.getByTestId("quality-rule-editor")).getByText("敏感词"));
    type(await screen.findByTestId("quality-words"), "曝光，起诉\n律师");
    expect(screen.getByTestId("quality-rule-said").textContent).toBe(
      "全部技能组里已解决的会话：客户说到 3 个词之一，按「在线客服通用评分表」评分。",
    );
    submit();
    await waitFor(() => expect(asked(fixture, "quality.rule_save")).toHaveLength(1));
    await waitFor(() => expect(screen.getAllByTestId("quality-rule-row")).toHaveLength(5));
    fireEvent.click(await screen.findByTestId("quality-rule-remove"));
    fireEvent.click(await screen.findByTestId("quality-rule-remove-sure"));
    await waitFor(() => expect(screen.getAllByTestId("quality-rule-row")).toHaveLength(4));
  });
});

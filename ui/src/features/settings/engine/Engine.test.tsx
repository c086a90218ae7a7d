import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { sampleData } from "@/platform/fixture";
import { asked, openDesk, type } from "@/test/desk";
import { parseGroups, parseWords, percent, printGroups } from "./draft";
import { useEdit } from "./store";

const as = (role: "agent" | "admin") => {
  const { session } = sampleData(Date.now());
  if (session.phase !== "ready") throw new Error("the sample desk is not open");
  return { session: { ...session, me: { ...session.me, role } } };
};
const open = async (role: "agent" | "admin" = "admin") => {
  const fixture = await openDesk(as(role));
  fireEvent.click(await screen.findByTestId("room-settings"));
  return fixture;
};
const openEngine = async () => {
  const fixture = await open();
  fireEvent.click(await screen.findByTestId("settings-engine"));
  await screen.findByTestId("engine");
  return fixture;
};
const synonyms = async () => {
  const field = await screen.findByTestId("engine-synonyms");
  if (!(field instanceof HTMLTextAreaElement)) throw new Error("not a text area");
  return field;
};
beforeEach(() =>
  useEdit.setState({ base: null, groups: "", words: "", target: null, question: "" }),
);

describe("the lists as texts", () => {
  it("are one group a line, whatever sign parts them, and know their lines", () => {
    const groups = parseGroups("提货卡＝鲜卡= 小绿票\n\n 星享会员 ＝＝VIP会员\n单独");
    expect(groups.items).toEqual([["提货卡", "鲜卡", "小绿票"], ["星享会员", "VIP会员"], ["单独"]]);
    expect([1, 2, 3].map(groups.lineOf)).toEqual([1, 3, 4]);
    expect(printGroups(groups.items)).toBe("提货卡＝鲜卡＝小绿票\n星享会员＝VIP会员\n单独");
    expect(parseWords(" 鲜生活 \n\n星享卡").items).toEqual(["鲜生活", "星享卡"]);
    expect([percent(950), percent(955)]).toEqual(["95", "95.5"]);
  });
});

describe("the engine's settings", () => {
  it("are an administrator's", async () => {
    await open("agent");
    await screen.findByTestId("settings");
    expect(screen.queryByTestId("settings-engine")).toBeNull();
  });

  it("show the curve and what a target would mean", async () => {
    await openEngine();
    expect((await synonyms()).value).toBe("提货卡＝鲜卡＝小绿票\n星享会员＝VIP会员");
    expect(screen.getByTestId("engine-curve").querySelectorAll("circle")).toHaveLength(2);
    const expected = screen.getByTestId("engine-expected");
    expect(expected.textContent).toContain("目标 95%：预计 95.8% 答对，能自动答对 54.1% 的问题");
    fireEvent.change(screen.getByTestId("engine-target"), { target: { value: "980" } });
    await waitFor(() => expect(expected.textContent).toContain("能自动答对 26.8% 的问题"));
    fireEvent.change(screen.getByTestId("engine-target"), { target: { value: "995" } });
    await waitFor(() => expect(expected.textContent).toContain("目标 99.5% 测不到"));
  });

  it("are saved on top of the version that was looked at", async () => {
    const fixture = await openEngine();
    const save = await screen.findByTestId("engine-save");
    expect(save.hasAttribute("disabled")).toBe(true);
    type(await synonyms(), "提货卡＝鲜卡\n优惠券＝抵用券");
    await waitFor(() => expect(save.hasAttribute("disabled")).toBe(false));
    fireEvent.click(save);
    await waitFor(() =>
      expect(screen.getByTestId("engine-state").textContent).toBe("第 3 版，没有修改"),
    );
    expect(asked(fixture, "engine.save").map((call) => call.args)).toEqual([
      {
        base: 2,
        draft: {
          synonyms: [
            ["提货卡", "鲜卡"],
            ["优惠券", "抵用券"],
          ],
          dictionary: ["鲜生活", "星享卡"],
          target_permille: 950,
        },
      },
    ]);
    expect(screen.getAllByTestId("engine-version")).toHaveLength(3);
  });

  it("say in which line something is wrong", async () => {
    await openEngine();
    type(await synonyms(), "提货卡＝鲜卡\n\n单独");
    await waitFor(() =>
      expect(screen.getByTestId("engine-synonyms-problems").textContent).toBe(
        "第 3 行：至少要两个说法，用「＝」隔开。",
      ),
    );
    expect(screen.getByTestId("engine-save").hasAttribute("disabled")).toBe(true);
    expect(screen.getByTestId("engine-try").hasAttribute("disabled")).toBe(true);
  });

  it("can be tried before they are saved", async () => {
    const fixture = await openEngine();
    type(await synonyms(), "提货卡＝鲜卡");
    type(screen.getByTestId("engine-question"), "退钱多久到账");
    fireEvent.click(screen.getByTestId("engine-try"));
    const trial = await screen.findByTestId("engine-trial");
    expect(trial.textContent).toContain("推荐给坐席");
    expect(trial.textContent).toContain("自动回答");
    expect(trial.textContent).toContain("「退钱」≈「退款」");
    expect(asked(fixture, "engine.save")).toHaveLength(0);
  });

  it("can only be read while the server is away", async () => {
    const fixture = await openEngine();
    fixture.emit({
      kind: "connection",
      state: "offline",
      pending: 0,
      refused: 0,
      conflicts: 0,
      since: Date.now(),
      synced_at: null,
      fetching: null,
    });
    expect(await screen.findByTestId("engine-offline")).toBeTruthy();
    expect((await synonyms()).readOnly).toBe(true);
    expect(screen.getByTestId("engine-save").hasAttribute("disabled")).toBe(true);
  });

  it("tell of a colleague who was faster, and lose nothing", async () => {
    const fixture = await openEngine();
    type(await synonyms(), "提货卡＝鲜卡＝礼品卡");
    fixture.data.engine = { ...fixture.data.engine, version: 3 };
    fixture.emit({ kind: "changed", tags: [{ tag: "engine" }] });
    const notice = await screen.findByTestId("engine-changed");
    expect(notice.textContent).toContain("设置已变成第 3 版");
    expect(screen.getByTestId("engine-save").hasAttribute("disabled")).toBe(true);
    fireEvent.click(screen.getByText("在新版本上保留我的修改"));
    await waitFor(() =>
      expect(screen.getByTestId("engine-save").hasAttribute("disabled")).toBe(false),
    );
    expect((await synonyms()).value).toBe("提货卡＝鲜卡＝礼品卡");
    act(() => {
      fixture.data.engine = {
        ...fixture.data.engine,
        saving: {
          kind: "refused",
          op_id: "0190c000-0000-7000-8000-0000000000ff",
          code: "forbidden",
        },
      };
      fixture.emit({ kind: "changed", tags: [{ tag: "outbox" }] });
    });
    expect((await screen.findByTestId("engine-refused")).textContent).toContain("没有权限");
  });

  it("restore an earlier version after a question", async () => {
    const fixture = await openEngine();
    fireEvent.click((await screen.findAllByText("恢复"))[0] as HTMLElement);
    const dialog = await screen.findByTestId("engine-restore");
    expect(dialog.textContent).toContain("恢复到第 1 版");
    const buttons = dialog.querySelectorAll("button");
    fireEvent.click(buttons[buttons.length - 1] as HTMLElement);
    await waitFor(() => expect(asked(fixture, "engine.restore")).toHaveLength(1));
    expect(asked(fixture, "engine.restore")[0]?.args).toEqual({ base: 2, version: 1 });
  });
});

import i18next from "i18next";
import { describe, expect, it } from "vitest";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import { alertsOf } from "@/platform/fixture-alert-data";
import { newRule } from "./rules/draft";
import { sentences } from "./rules/sentence";
import { levelText, stateText, topicsText, whyText } from "./words";

const t = i18next.t;
const alert = (n: number) => {
  const found = alertsOf(0)[n];
  if (!found) throw new Error("there is no such alert");
  return found;
};

describe("levels", () => {
  it.each([
    ["basis_points", 1_320, "13.2%"],
    ["basis_points", 5, "0.05%"],
    ["count", 1_606, "1,606"],
    ["seconds", 38, "0:38"],
    ["seconds", 205, "3:25"],
    ["seconds", 3_725, "1:02:05"],
  ] as const)("%s %s reads %s", (unit, level, text) => {
    expect(levelText(unit, level, "zh-CN")).toBe(text);
  });
});

describe("an alert in words", () => {
  it("says what the number is made of, and where it comes from", () => {
    expect(whyText(t, alert(1), "zh-CN")).toBe("近 15 分钟 1,606 轮里 212 轮没有可靠答案");
    expect(topicsText(t, alert(1))).toBe("集中在「退差价」和「退款多久到账」");
    expect(whyText(t, alert(3), "zh-CN")).toContain("售后一组，");
    expect(topicsText(t, alert(2))).toBe("");
  });
  it("says who did what, and nothing while nobody did", () => {
    expect(stateText(t, alert(0), "zh-CN")).toBe("");
    expect(stateText(t, alert(2), "zh-CN")).toMatch(/^赵敏 \d\d:\d\d 确认$/);
    expect(stateText(t, alert(3), "zh-CN")).toMatch(/^静默到 \d\d:\d\d，刘洋设置$/);
    expect(stateText(t, alert(4), "zh-CN")).toMatch(/确认，\d\d:\d\d 恢复到 91.2%$/);
  });
});

describe("a rule in words", () => {
  const say = (change: Partial<RuleDraft>, unit: "basis_points" | "count" = "basis_points") =>
    sentences(
      t,
      { ...newRule("x"), ...change },
      { unit, isGauge: unit === "count", group: "" },
      "zh-CN",
    );
  it("says every part of it", () => {
    expect(
      say({
        min_count: 50,
        for_min: 5,
        severity: "critical",
        by: ["email", "sms"],
        escalation: [{ after_min: 10, to: "everyone", by: [] }],
        quiet: { from: 1_320, to: 480, utc_offset_minutes: 480, let_critical_through: true },
      }),
    ).toEqual([
      "整个组织，近 15 分钟，响应失败率高于 10%（至少 50 条），持续 5 分钟，就报「严重」。",
      "回落到 8% 算恢复。",
      "先告诉班组长（邮件、短信）。",
      "再过 10 分钟没人确认，告诉班组长和管理员。",
      "22:00 到 08:00 不打扰，严重的除外。",
      "60 分钟内再次出现，算同一件事。",
    ]);
  });
  it("says nothing of a window where the number is read off at a moment", () => {
    const [first] = say(
      { measure: "backlog", condition: { kind: "above", limit: 50, clear: 40 } },
      "count",
    );
    expect(first).toBe("整个组织，积压高于 50，就报「警告」。");
  });
  it("says what is missing and what is unlike other days", () => {
    expect(say({ measure: "opened", condition: { kind: "absent" } })[0]).toContain(
      "新会话一条也没有",
    );
    const change = {
      kind: "change",
      direction: "down",
      by_percent: 50,
      clear_percent: 20,
      days: 7,
    } as const;
    const said = say({ measure: "opened", condition: change });
    expect(said[0]).toContain("新会话比前 7 天同一时段少 50%");
    expect(said[1]).toBe("差距回到 20% 以内算恢复。");
  });
});

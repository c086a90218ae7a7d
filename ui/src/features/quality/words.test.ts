import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { setLocale } from "@/i18n";
import { byText, shareText } from "./rules/sample";
import { apartText, findingText, markText, pointsApart, reasonText, scoreText } from "./words";

beforeAll(() => setLocale("zh-CN"));
const t = i18next.t;

describe("scores", () => {
  it.each([
    [925, "92.5"],
    [1000, "100.0"],
    [0, "0.0"],
  ])("%d tenths are %s", (tenths, text) => expect(scoreText(tenths)).toBe(text));
  it("differ with a sign, by a real minus", () => {
    expect([20, 0, -50].map(apartText)).toEqual(["+2.0", "0.0", "−5.0"]);
    expect([5, 0, -5].map(pointsApart)).toEqual(["+5", "0", "−5"]);
  });
  it("are marks of points, of a veto, or none", () => {
    const points = { kind: { kind: "points", weight: 10 } } as const;
    const veto = { kind: { kind: "veto" } } as const;
    expect(markText(t, points, { kind: "points", points: 8 })).toBe("8 / 10");
    expect(markText(t, points, { kind: "not_applicable" })).toBe("不适用");
    expect(markText(t, veto, { kind: "veto", hit: true })).toBe("触犯");
  });
});

describe("reasons and findings", () => {
  it("say why a conversation was sampled", () => {
    const text = (why: Parameters<typeof reasonText>[1]["why"]) =>
      reasonText(t, { why, name: "赵组长" });
    expect(text({ kind: "random" })).toBe("随机");
    expect(text({ kind: "low_mark", mark: 1 })).toBe("客户评 1 分");
    expect(text({ kind: "long", messages: 72, minutes: 95 })).toBe("72 条、95 分钟");
    expect(text({ kind: "word", word: "12315" })).toBe("提到「12315」");
  });
  it("say what is wrong with a message", () => {
    const text = (what: Parameters<typeof findingText>[1]["what"]) => findingText(t, { what });
    expect(text({ kind: "late", waited_s: 45 })).toBe("等了 45 秒");
    expect(text({ kind: "late", waited_s: 120 })).toBe("等了 2 分钟");
    expect(text({ kind: "late", waited_s: 205 })).toBe("等了 3 分 25 秒");
    expect(text({ kind: "word", word: "保证" })).toBe("说了「保证」");
    expect(text({ kind: "no_greeting" })).toBe("第一句没有问候");
  });
  it("say which conversations a rule takes", () => {
    expect([30, 5, 1000].map(shareText)).toEqual(["3%", "0.5%", "100%"]);
    expect(byText(t, { kind: "random", permille: 5 })).toBe("随机抽 0.5%");
    expect(byText(t, { kind: "long", messages: 0, minutes: 60 })).toBe("60 分钟以上");
    expect(byText(t, { kind: "long", messages: 60, minutes: 0 })).toBe("60 条以上");
    expect(byText(t, { kind: "words", words: ["a", "b"], by: "agent" })).toBe(
      "坐席说到 2 个词之一",
    );
  });
});

import { describe, expect, it } from "vitest";
import type { CannedView } from "@/ipc/generated/CannedView";
import { nextPrompt, promptsOf, rank, slashWord } from "./canned";

const canned = (title: string, shortcode: string, text = "", used = 0): CannedView => ({
  id: title,
  edition: 1,
  draft: { scope: { kind: "all" }, folder: "售后", title, shortcode, text, acts: [] },
  prompts: [],
  group: "",
  used,
  by: "",
  at: 0,
  editable: false,
});

describe("a slash", () => {
  it.each([
    ["/", 1, { from: 0, word: "" }],
    ["您好 /退款", 6, { from: 3, word: "退款" }],
    ["您好，/tk", 6, { from: 3, word: "tk" }],
    ["见 http://a", 11, null],
    ["1/2", 3, null],
    ["/退款 好", 5, null],
    ["没有", 2, null],
  ])("in %j", (text, caret, expected) => expect(slashWord(text, caret)).toEqual(expected));
});

describe("canned replies", () => {
  const items = [
    canned("退款到账", "tk", "三天内到账"),
    canned("退款规则", "", "七天无理由", 9),
    canned("发票", "fp", "退款后发票作废"),
  ];
  const found = (word: string) => rank(items, word).map(({ draft }) => draft.title);
  it("are found by shortcode, title and text, in that order", () => {
    expect(found("TK")).toEqual(["退款到账"]);
    expect(found("退款")).toEqual(["退款规则", "退款到账", "发票"]);
    expect(found("到")).toEqual(["退款到账"]);
    expect(found("没有这个")).toEqual([]);
  });
  it("nothing typed, the one that is used most is first", () =>
    expect(found("")[0]).toBe("退款规则"));
});

describe("places to fill in", () => {
  const text = "您好 {{客户}}，订单 {{订单号}} 已登记";
  it("are gone through round about", () => {
    const [first, second] = promptsOf(text);
    expect(text.slice(first?.start, first?.end)).toBe("{{客户}}");
    expect(nextPrompt(text, 0, 1)).toEqual(first);
    expect(nextPrompt(text, first?.end ?? 0, 1)).toEqual(second);
    expect(nextPrompt(text, second?.end ?? 0, 1)).toEqual(first);
    expect(nextPrompt(text, second?.start ?? 0, -1)).toEqual(first);
  });
  it("are none where the braces hold nothing", () =>
    expect(promptsOf("{{}} {{a{b}} {未} {{未完")).toEqual([]));
});

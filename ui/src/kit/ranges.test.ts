import { describe, expect, it } from "vitest";
import { find, pieces, type Span } from "./ranges";

const check = (text: string, spans: Span[], expected: string) => {
  const cut = pieces(text, spans);
  expect(cut.map((piece) => piece.text).join("")).toBe(text);
  expect(cut.map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join("")).toBe(
    expected,
  );
};

describe("pieces", () => {
  it("marks words of Chinese text", () =>
    check(
      "退款多久到账",
      [
        { start: 0, end: 2 },
        { start: 4, end: 6 },
      ],
      "[退款]多久[到账]",
    ));
  it("counts a surrogate pair as two units", () =>
    check("😀退款", [{ start: 2, end: 4 }], "😀[退款]"));
  it("never cuts a surrogate pair", () => {
    check("好😀的", [{ start: 1, end: 2 }], "好[😀]的");
    check("好😀的", [{ start: 2, end: 4 }], "好[😀的]");
    check("𠮷野家", [{ start: 1, end: 3 }], "[𠮷野]家");
  });
  it("takes spans in any order, overlapping or touching", () =>
    check(
      "一二三四五",
      [
        { start: 3, end: 5 },
        { start: 0, end: 2 },
        { start: 1, end: 3 },
      ],
      "[一二三四五]",
    ));
  it("ignores what is empty or outside", () =>
    check(
      "退款",
      [
        { start: 1, end: 1 },
        { start: 5, end: 9 },
        { start: 2, end: 1 },
      ],
      "退款",
    ));
  it("cuts a span that reaches past the end", () =>
    check("退款", [{ start: 1, end: 9 }], "退[款]"));
  it("keeps an empty text empty", () => expect(pieces("", [{ start: 0, end: 1 }])).toEqual([]));
});

describe("find", () => {
  it("finds every word, whatever its case", () =>
    expect(find("VIP 客户问 vip", "vip 客户")).toEqual([
      { start: 0, end: 3 },
      { start: 8, end: 11 },
      { start: 4, end: 6 },
    ]));
  it("finds nothing for blanks", () => expect(find("退款", "  ")).toEqual([]));
});

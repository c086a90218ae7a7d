import { describe, expect, it } from "vitest";
import { autoOf, moved, newForm, newItem, weightOf, wordsOf, wordsText } from "./form";

describe("words", () => {
  it("are one a line or between commas, each once", () => {
    expect(wordsOf("您好、你好，欢迎\n您好, hello world;；")).toEqual([
      "您好",
      "你好",
      "欢迎",
      "hello world",
    ]);
    expect(wordsOf(" \n、")).toEqual([]);
  });
  it("come back as they were", () => {
    const words = ["保证", "一定能", "100%"];
    expect(wordsOf(wordsText(words))).toEqual(words);
  });
});

describe("a form", () => {
  it("begins with one item, and weighs what its points do", () => {
    const form = newForm("a");
    expect(form.items.map(({ id }) => id)).toEqual(["a"]);
    const veto = { ...newItem("b", ""), kind: { kind: "veto" } as const };
    expect(weightOf({ items: [...form.items, veto, newItem("c", "")] })).toBe(20);
  });
  it("has its items moved, but not over its edges", () => {
    const items = ["a", "b", "c"].map((id) => newItem(id, ""));
    const ids = (at: number, by: -1 | 1) => moved(items, at, by).map(({ id }) => id);
    expect(ids(0, 1)).toEqual(["b", "a", "c"]);
    expect(ids(2, -1)).toEqual(["a", "c", "b"]);
    expect(ids(0, -1)).toEqual(["a", "b", "c"]);
    expect(ids(2, 1)).toEqual(["a", "b", "c"]);
  });
});

describe("what the machine looks for", () => {
  it("keeps its words and its price from one kind to the next", () => {
    const forbidden = { kind: "forbidden", words: ["没办法"], each: 5 } as const;
    const before = { ...forbidden, words: [...forbidden.words] };
    expect(autoOf("promises", before)).toEqual({ kind: "promises", words: ["没办法"], each: 5 });
    expect(autoOf("greeting", before)).toEqual({ kind: "greeting", words: ["没办法"] });
    expect(autoOf("gaps", before)).toEqual({ kind: "gaps", within_s: 90 });
    expect(autoOf("forbidden", { kind: "gaps", within_s: 30 })).toEqual({
      kind: "forbidden",
      words: [],
      each: 0,
    });
    expect(autoOf("none", before)).toBeNull();
  });
});

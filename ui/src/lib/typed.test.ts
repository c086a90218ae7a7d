import { expect, it } from "vitest";
import { atWord, namedIn } from "./typed";

it("an @ may follow any word", () => {
  expect(atWord("麻烦@李", 4)).toEqual({ from: 2, word: "李" });
  expect(atWord("麻烦@李 看", 6)).toBeNull();
});

it.each([
  ["@李娜 看一下", ["李娜"]],
  ["@李娜娜 看一下", ["李娜娜"]],
  ["请@赵海和@李娜一起", ["李娜", "赵海"]],
  ["写信到 a@b.cn", []],
])("in %j those are named who are meant", (text, names) => {
  const people = ["李娜", "李娜娜", "赵海"].map((name) => ({ name }));
  expect(namedIn(text, people).map(({ name }) => name)).toEqual(names);
});

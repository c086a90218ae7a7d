import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";

afterEach(() => document.body.replaceChildren());

/** What is left out of a print: the selector of the first rule that shows nothing there. */
function leftOut(): string {
  // An import of it is names without rules here.
  const sheet = readFileSync("src/kit/chart/paper.module.css", "utf8");
  const [, print = ""] = sheet.split("@media print");
  const selector = /([^{};*/]+)\{\s*display: none;/.exec(print)?.[1]?.trim();
  if (selector === undefined) throw new Error("nothing is left out");
  return selector;
}

it.each([
  ["the paper alone, where there is one", ["window", "words", "paper"], ["window", "words"]],
  ["any other room as it is", ["window", "words"], []],
])("prints %s", (_, there, expected) => {
  for (const name of there) {
    const node = document.createElement("div");
    node.className = name;
    document.body.append(node);
  }
  const hidden = [...document.querySelectorAll(leftOut())].map(({ className }) => className);
  expect(hidden).toEqual(expected);
});

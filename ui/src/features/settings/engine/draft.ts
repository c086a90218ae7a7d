import type { EngineDraft } from "@/ipc/generated/EngineDraft";

/** A text of one thing a line, with the number of the line that each thing stands in. */
export type Lines<T> = { items: T[]; lineOf: (nth: number) => number };

function parse<T>(text: string, read: (line: string) => T): Lines<T> {
  const items: T[] = [];
  const numbers: number[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    items.push(read(line));
    numbers.push(at + 1);
  }
  return { items, lineOf: (nth) => numbers[nth - 1] ?? nth };
}

/** Groups of synonyms: one a line, parted by ＝ or =. */
export const parseGroups = (text: string): Lines<string[]> =>
  parse(text, (line) =>
    line
      .split(/[＝=]/)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

/** Words: one a line. */
export const parseWords = (text: string): Lines<string> => parse(text, (line) => line.trim());

export const printGroups = (groups: readonly string[][]): string =>
  groups.map((group) => group.join("＝")).join("\n");
export const printWords = (words: readonly string[]): string => words.join("\n");

export const sameDraft = (a: EngineDraft, b: EngineDraft): boolean =>
  JSON.stringify([a.synonyms, a.dictionary, a.target_permille]) ===
  JSON.stringify([b.synonyms, b.dictionary, b.target_permille]);

/** A share in thousandths as a percentage: 950 is 95, 955 is 95.5. */
export const percent = (permille: number): string => String(permille / 10);

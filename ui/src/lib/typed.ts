import type { RefObject } from "react";

/** A word that is being typed behind a sign, and where it begins with that sign. */
export type Typed = { from: number; word: string };

export const MAX_WORD = 24;

/** What is typed behind an @; it may follow any word. */
export function atWord(text: string, caret: number): Typed | null {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from > MAX_WORD + 1) return null;
  const word = text.slice(from + 1, caret);
  return /[\s/@]/.test(word) ? null : { from, word };
}

/** Those who are named behind an @; of names that begin alike the longest one is meant. */
export function namedIn<T extends { name: string }>(text: string, people: readonly T[]): T[] {
  const longest = [...people].sort((a, b) => b.name.length - a.name.length);
  const named = new Set<T>();
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const found = longest.find(({ name }) => name !== "" && text.startsWith(name, at + 1));
    if (found) named.add(found);
  }
  return people.filter((one) => named.has(one));
}

/** Selects in a text box once the text has been drawn. */
export function select(
  area: RefObject<HTMLTextAreaElement | null>,
  start: number,
  end = start,
): void {
  requestAnimationFrame(() => {
    area.current?.focus();
    area.current?.setSelectionRange(start, end);
  });
}

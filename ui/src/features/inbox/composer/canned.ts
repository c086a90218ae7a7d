import type { CannedView } from "@/ipc/generated/CannedView";
import { MAX_WORD, type Typed } from "@/lib/typed";

const BEFORE = /[\s，。！？；：、（）]/;

/** What stands behind `sign` in front of the caret: the sign begins a word, and no blank follows it. */
function typed(sign: string, text: string, caret: number): Typed | null {
  const from = text.lastIndexOf(sign, caret - 1);
  if (from < 0 || caret - from > MAX_WORD + 1) return null;
  const before = text[from - 1];
  if (before !== undefined && !BEFORE.test(before)) return null;
  const word = text.slice(from + 1, caret);
  return /[\s/@]/.test(word) ? null : { from, word };
}

/** What is typed behind a slash. */
export const slashWord = (text: string, caret: number): Typed | null => typed("/", text, caret);

/** How well a canned reply fits what was typed: the less the better; none where it does not. */
function place({ draft }: CannedView, word: string): number | null {
  const code = draft.shortcode.toLowerCase();
  if (word === "") return 0;
  if (code === word) return 0;
  if (code !== "" && code.startsWith(word)) return 1;
  const title = draft.title.toLowerCase();
  if (title.startsWith(word)) return 2;
  if (title.includes(word)) return 3;
  if (draft.folder.toLowerCase().includes(word)) return 4;
  if (code.includes(word)) return 5;
  return draft.text.toLowerCase().includes(word) ? 6 : null;
}

/** Those that fit, the best first; of equals the one that is used most. */
export function rank(items: readonly CannedView[], typedWord: string, limit = 50): CannedView[] {
  const word = typedWord.trim().toLowerCase();
  const found = items.flatMap((item) => {
    const at = place(item, word);
    return at === null ? [] : [{ item, at }];
  });
  found.sort((a, b) => a.at - b.at || b.item.used - a.item.used);
  return found.slice(0, limit).map(({ item }) => item);
}

/** A place to fill in. */
const PROMPT = /\{\{[^{}\n]{1,20}\}\}/g;

/** The places to fill in that a text still has. */
export const promptsOf = (text: string): { start: number; end: number }[] =>
  Array.from(text.matchAll(PROMPT), ({ index, 0: whole }) => ({
    start: index,
    end: index + whole.length,
  }));

/** The next place from a position on, or the one before it; round about. */
export function nextPrompt(
  text: string,
  from: number,
  step: 1 | -1,
): { start: number; end: number } | null {
  const all = promptsOf(text);
  const next =
    step > 0
      ? (all.find(({ start }) => start >= from) ?? all[0])
      : (all.findLast(({ end }) => end <= from) ?? all.at(-1));
  return next ?? null;
}

import type { AutoCheck } from "@/ipc/generated/AutoCheck";
import type { FormDraft } from "@/ipc/generated/FormDraft";
import type { FormItem } from "@/ipc/generated/FormItem";

/** The best score, in tenths of a point. */
export const FULL_TENTHS = 1_000;
/** As many items as a form may have. */
export const MOST_ITEMS = 40;

/** Words as they are typed: one a line, or with commas between them; each once. */
export const wordsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,，、;；]/)
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  ),
];
export const wordsText = (words: readonly string[]): string => words.join("、");

/** All weights together. */
export const weightOf = ({ items }: Pick<FormDraft, "items">): number =>
  items.reduce((sum, { kind }) => sum + (kind.kind === "points" ? kind.weight : 0), 0);

/** An item to begin from, in the part of the one before it. */
export const newItem = (id: string, part: string): FormItem => ({
  id,
  part,
  name: "",
  hint: "",
  kind: { kind: "points", weight: 10 },
  auto: null,
});

/** A form to begin from. */
export const newForm = (itemId: string): FormDraft => ({
  name: "",
  enabled: true,
  pass_tenths: 800,
  items: [newItem(itemId, "")],
});

/** What the machine looks for, of a kind, as far as the one before says it already. */
export function autoOf(
  kind: AutoCheck["kind"] | "none",
  before: AutoCheck | null,
): AutoCheck | null {
  const words = before && "words" in before ? before.words : [];
  switch (kind) {
    case "none":
      return null;
    case "greeting":
    case "closing":
      return { kind, words };
    case "gaps":
      return { kind, within_s: 90 };
    case "forbidden":
    case "promises":
      return { kind, words, each: before && "each" in before ? before.each : 0 };
  }
}

/** The items with one moved up (−1) or down (1); as they are at the edge. */
export function moved(items: readonly FormItem[], at: number, by: -1 | 1): FormItem[] {
  const next = [...items];
  const [item] = next.splice(at, 1);
  if (item && at + by >= 0 && at + by <= next.length) next.splice(at + by, 0, item);
  else return [...items];
  return next;
}

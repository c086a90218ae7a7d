import type { FormItem } from "@/ipc/generated/FormItem";
import type { ItemMark } from "@/ipc/generated/ItemMark";
import type { QaFinding } from "@/ipc/generated/QaFinding";
import type { QaMark } from "@/ipc/generated/QaMark";
import type { QaView } from "@/ipc/generated/QaView";

/** Items under the part of the form that they stand in, in the order of the form. */
export function partsOf(items: readonly FormItem[]): { part: string; items: FormItem[] }[] {
  const parts: { part: string; items: FormItem[] }[] = [];
  for (const item of items) {
    const last = parts.at(-1);
    if (last && last.part === item.part) last.items.push(item);
    else parts.push({ part: item.part, items: [item] });
  }
  return parts;
}

/** Points as typed: digits only, never more than the weight; none where nothing is typed. */
export function pointsTyped(text: string, weight: number): number | null {
  const digits = text.replace(/\D/g, "");
  return digits === "" ? null : Math.min(weight, Number(digits));
}

export const isSame = (a: QaMark | undefined, b: QaMark | undefined): boolean => {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === "points") return b.kind === "points" && a.points === b.points;
  if (a.kind === "veto") return b.kind === "veto" && a.hit === b.hit;
  return b.kind === "not_applicable";
};

export const markOf = (marks: readonly ItemMark[], item: string): ItemMark | undefined =>
  marks.find((mark) => mark.item === item);

/** The marks with one item changed. */
export const withMark = (
  marks: readonly ItemMark[],
  item: string,
  change: Partial<Omit<ItemMark, "item">>,
): ItemMark[] => marks.map((mark) => (mark.item === item ? { ...mark, ...change } : mark));

/** Whether an item costs anything by a mark. */
export function isLost({ kind }: FormItem, mark: QaMark | undefined): boolean {
  if (mark?.kind === "veto") return mark.hit;
  return mark?.kind === "points" && kind.kind === "points" && mark.points < kind.weight;
}

export const findingsOf = (findings: readonly QaFinding[], item: string): QaFinding[] =>
  findings.filter((finding) => finding.item === item);

/** Where the machine found something, in the order of the conversation, each message once. */
export const evidence = (findings: readonly QaFinding[]): number[] =>
  [...new Set(findings.map(({ seq }) => seq))].sort((a, b) => a - b);

/** The next place after one; after the last comes the first. */
export const nextPlace = (places: readonly number[], after: number | null): number | null =>
  places.find((seq) => after === null || seq > after) ?? places[0] ?? null;

/** What is being done to a review that is on the screen. */
export type Doing = "score" | "calibrate" | "change";

/** The marks that one begins from: the machine's, or those that a decision would change. */
export const firstMarks = (view: QaView, doing: Doing): ItemMark[] =>
  doing === "change" ? (view.scored?.marks ?? view.pre.marks) : view.pre.marks;

/** The marks that hold: those of a decision, or the reviewer's. */
export const heldMarks = (view: QaView): ItemMark[] | undefined =>
  view.appeal?.decision?.changed?.marks ?? view.scored?.marks;

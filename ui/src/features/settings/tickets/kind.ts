import type { TicketField } from "@/ipc/generated/TicketField";
import type { TicketFieldKind } from "@/ipc/generated/TicketFieldKind";
import type { TicketFieldPart } from "@/ipc/generated/TicketFieldPart";
import type { TicketType } from "@/ipc/generated/TicketType";
import type { TicketTypeFault } from "@/ipc/generated/TicketTypeFault";
import type { TicketTypePlace } from "@/ipc/generated/TicketTypePlace";
import type { TicketTypeWhy } from "@/ipc/generated/TicketTypeWhy";
import { uuidv7 } from "@/lib/uuid";

export const KINDS = [
  "text",
  "long_text",
  "number",
  "money",
  "date",
  "yes_no",
  "choice",
  "choices",
  "order",
  "tracking",
  "phone",
  "address",
] as const satisfies readonly TicketFieldKind["kind"][];
type KindName = (typeof KINDS)[number];
export const METRICS = ["first_response", "next_response", "resolution"] as const;
export const LEVELS = ["urgent", "high", "normal", "low"] as const;
/** What is wrong at a place of a type. */
export const whyAt = (
  faults: readonly TicketTypeFault[],
  at: Exclude<TicketTypePlace["at"], "field">,
): TicketTypeWhy | undefined => faults.find(({ place }) => place.at === at)?.why;

/** What is wrong with a part of a field. */
export const whyOf = (
  faults: readonly TicketTypeFault[],
  field: number,
  part: TicketFieldPart,
): TicketTypeWhy | undefined =>
  faults.find(({ place }) => place.at === "field" && place.place === field && place.part === part)
    ?.why;

export const optionsOf = (kind: TicketFieldKind): readonly string[] =>
  kind.kind === "choice" || kind.kind === "choices" ? kind.options : [];

/** The same field of another kind; its options stay where they still have a meaning. */
export function ofKind(field: TicketField, name: KindName): TicketField {
  const options = [...optionsOf(field.kind)];
  const kind: TicketFieldKind =
    name === "choice" || name === "choices" ? { kind: name, options } : { kind: name };
  return { ...field, kind };
}

/** Options as they are written: one a line. */
export const withOptions = (field: TicketField, text: string): TicketField => {
  const options = text.split("\n").map((line) => line.trim());
  return field.kind.kind === "choice" || field.kind.kind === "choices"
    ? { ...field, kind: { ...field.kind, options } }
    : field;
};

/** A key that no field of the type has: kept for good, since values hang on it. */
export function newField(fields: readonly TicketField[]): TicketField {
  const taken = new Set(fields.map(({ key }) => key));
  let n = fields.length + 1;
  while (taken.has(`field_${n}`)) n += 1;
  return {
    key: `field_${n}`,
    label: "",
    kind: { kind: "text" },
    required: "no",
    hint: "",
    source: null,
  };
}

const day = { low: 480, normal: 240, high: 120, urgent: 30 };

export const newType = (): TicketType => ({
  id: uuidv7(),
  version: 0,
  name: "",
  description: "",
  group_id: null,
  path: [],
  priority: "normal",
  fields: [],
  sla: {
    hours: null,
    first_response: day,
    next_response: day,
    resolution: { low: 4_320, normal: 2_880, high: 1_440, urgent: 480 },
    warn_percent: 80,
  },
  words: [],
  active: true,
});

/** Swaps a field with its neighbour. */
export function shifted<T>(items: readonly T[], from: number, by: 1 | -1): T[] {
  const next = [...items];
  const [moved] = next.splice(from, 1);
  if (moved !== undefined) next.splice(Math.max(0, from + by), 0, moved);
  return next;
}

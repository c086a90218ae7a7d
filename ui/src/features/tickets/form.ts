import type { TicketField } from "@/ipc/generated/TicketField";
import type { TicketRequired } from "@/ipc/generated/TicketRequired";
import type { TicketValue } from "@/ipc/generated/TicketValue";
import { byteLength } from "@/lib/text";

/** What is typed into a form: by field, as text; several options one a line. */
export type Typed = Record<string, string>;
/** What is wrong with what is typed. */
export type Fault = "missing" | "kind" | "too_long" | "form" | "option" | "number" | "money";
export type Faults = Record<string, Fault>;

const MAX_LINE = 120;
const MAX_BYTES = 4_000;
const MAX_MONEY = 1_000_000_000_000;
const YES = "yes";
const NO = "no";

const day = (at: number): string => {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
const money = (sum: number): string =>
  sum % 100 === 0 ? String(sum / 100) : (sum / 100).toFixed(2);

/** A value as it is typed. */
export function typed(value: TicketValue | undefined): string {
  switch (value?.kind) {
    case undefined:
      return "";
    case "text":
    case "choice":
      return value.value;
    case "number":
      return String(value.value);
    case "money":
      return money(value.value);
    case "date":
      return day(value.value);
    case "choices":
      return value.value.join("\n");
    case "yes":
      return value.value ? YES : NO;
  }
}

type Read = { value: TicketValue | null } | { fault: Fault };
const line = (text: string): Read =>
  Array.from(text).length > MAX_LINE
    ? { fault: "too_long" }
    : { value: { kind: "text", value: text } };

/** What is typed as a value; nothing is null. The server checks by the same rules. */
export function read({ kind }: TicketField, raw: string): Read {
  const text = raw.trim();
  if (text === "") return { value: null };
  switch (kind.kind) {
    case "text":
    case "address":
      return line(text);
    case "long_text":
      return byteLength(text) > MAX_BYTES
        ? { fault: "too_long" }
        : { value: { kind: "text", value: text } };
    case "order":
    case "tracking":
      // A veiled number is the one that was found.
      return /^[A-Za-z0-9*-]{4,}$/.test(text) && /[\d*]/.test(text)
        ? line(text.toUpperCase())
        : { fault: "form" };
    case "phone": {
      const digits = text.replace(/[^\d*]/g, "").length;
      return /^[\d+\-\s()*]+$/.test(text) && digits >= 5 && digits <= 20
        ? line(text)
        : { fault: "form" };
    }
    case "number": {
      const n = Number(text);
      return Number.isSafeInteger(n)
        ? { value: { kind: "number", value: n } }
        : { fault: "number" };
    }
    case "money": {
      const match = /^[¥￥]?\s*(\d{1,12}(?:,\d{3})*)(?:\.(\d{1,2}))?\s*元?$/.exec(text);
      if (!match) return { fault: "money" };
      const sum =
        Number(match[1]?.replaceAll(",", "")) * 100 + Number((match[2] ?? "0").padEnd(2, "0"));
      return sum > MAX_MONEY ? { fault: "too_long" } : { value: { kind: "money", value: sum } };
    }
    case "date": {
      const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
      if (!match) return { fault: "kind" };
      const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3])).getTime();
      return { value: { kind: "date", value: at } };
    }
    case "choice":
      return kind.options.includes(text)
        ? { value: { kind: "choice", value: text } }
        : { fault: "option" };
    case "choices": {
      const chosen = text.split("\n");
      return chosen.every((one) => kind.options.includes(one))
        ? { value: { kind: "choices", value: kind.options.filter((one) => chosen.includes(one)) } }
        : { fault: "option" };
    }
    case "yes_no":
      return { value: { kind: "yes", value: text === YES } };
  }
}

const due = (required: TicketRequired, by: TicketRequired): boolean =>
  required !== "no" && by !== "no" && (required === "create" || by === "resolve");

/**
 * All values of a form, or what is wrong with it. What was given and is left as it is goes back as
 * it came: it may be veiled, and the program knows what is under the veil.
 */
export function readAll(
  fields: readonly TicketField[],
  form: Typed,
  by: TicketRequired,
  given: Record<string, TicketValue> = {},
): { values: Record<string, TicketValue>; faults: Faults } {
  const values: Record<string, TicketValue> = {};
  const faults: Faults = {};
  for (const field of fields) {
    const raw = form[field.key] ?? "";
    const before = given[field.key];
    const got = before && typed(before) === raw ? { value: before } : read(field, raw);
    if ("fault" in got) faults[field.key] = got.fault;
    else if (got.value) values[field.key] = got.value;
    else if (due(field.required, by)) faults[field.key] = "missing";
  }
  return { values, faults };
}

/** The fields that have to be filled in before it is resolved, and are not. */
export const missing = (
  fields: readonly TicketField[],
  values: Record<string, TicketValue | undefined>,
): TicketField[] =>
  fields.filter((field) => field.required !== "no" && typed(values[field.key]).trim() === "");

/** A yes or no as it is typed. */
export const yesText = (yes: boolean): string => (yes ? YES : NO);

import { composing } from "@/lib/ime";

type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing" | "keyCode"
>;

/** The part of a key press that a chord names. */
function keyOf(press: Press): string {
  if (/^Digit\d$/.test(press.code)) return press.code.slice(5);
  if (/^Key[A-Z]$/.test(press.code)) return press.code.slice(3);
  return press.key.length === 1 ? press.key.toUpperCase() : press.key;
}

/** Whether a key press is a chord. Never while an input method is at work. */
export function matches(press: Press, chord: string, mac: boolean): boolean {
  if (composing(press)) return false;
  if (chord === "?") return press.key === "?" && !press.ctrlKey && !press.metaKey && !press.altKey;
  const parts = chord.split("+");
  const key = parts.at(-1) ?? "";
  const mod = parts.includes("mod");
  const wantsCtrl = mod && !mac;
  const wantsMeta = mod && mac;
  return (
    press.ctrlKey === wantsCtrl &&
    press.metaKey === wantsMeta &&
    press.altKey === parts.includes("Alt") &&
    press.shiftKey === parts.includes("Shift") &&
    keyOf(press) === key
  );
}

/** Keys that never stand for themselves in a chord. */
const NEVER =
  /^(Shift|Control|Alt|Meta|AltGraph|Dead|Process|CapsLock|Enter|Tab|Escape|Backspace)$/;

/**
 * The chord that a key press makes; none while an input method is at work, for a modifier alone, and
 * for what types a letter.
 */
export function chordOf(press: Press, mac: boolean): string | null {
  if (composing(press)) return null;
  const key = keyOf(press);
  if (NEVER.test(key)) return null;
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (other) return null;
  if (key === "?" && !mod && !press.altKey) return "?";
  if (!mod && !press.altKey && !/^F\d{1,2}$/.test(key)) return null;
  const parts = [mod && "mod", press.altKey && "Alt", press.shiftKey && "Shift", key];
  return parts.filter((part) => part !== false).join("+");
}

/** Whether a chord is one of those by which text is edited and windows are closed. */
export const isReserved = (chord: string): boolean =>
  /^mod\+([ACVXZYWQ]|Shift\+Z)$/.test(chord) || chord === "Alt+F4";

const SIGNS: Record<string, string> = { Shift: "⇧", ArrowUp: "↑", ArrowDown: "↓" };

/** A chord as a key cap shows it: `Ctrl ⇧ 1`, `⌘ ⇧ 1`. */
export function shown(chord: string, mac: boolean): string {
  return chord
    .split("+")
    .map((part) =>
      part === "mod" ? (mac ? "⌘" : "Ctrl") : mac && part === "Alt" ? "⌥" : (SIGNS[part] ?? part),
    )
    .join(" ");
}

/** Whether keys without a modifier belong to the element. */
export function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

import { describe, expect, it } from "vitest";
import { ownerOf } from ".";
import { ACTIONS } from "./actions";
import { chordOf, isReserved, matches, shown } from "./match";

const press = (key: string, more: Partial<Parameters<typeof matches>[0]> = {}) => ({
  key,
  code: "",
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  ...more,
});

describe("matches", () => {
  it("takes Ctrl, and ⌘ on macOS", () => {
    const ctrlK = press("k", { code: "KeyK", ctrlKey: true });
    const metaK = press("k", { code: "KeyK", metaKey: true });
    expect(matches(ctrlK, "mod+K", false)).toBe(true);
    expect(matches(metaK, "mod+K", false)).toBe(false);
    expect(matches(metaK, "mod+K", true)).toBe(true);
    expect(matches(ctrlK, "mod+K", true)).toBe(false);
  });
  it("knows a digit that Shift has turned into a sign", () => {
    const send = press("!", { code: "Digit1", ctrlKey: true, shiftKey: true });
    expect(matches(send, "mod+Shift+1", false)).toBe(true);
    expect(matches(send, "mod+1", false)).toBe(false);
  });
  it("knows a letter that Alt has turned into a sign", () =>
    expect(matches(press("ø", { code: "KeyO", altKey: true }), "Alt+O", true)).toBe(true));
  it("is deaf while an input method composes", () => {
    const k = { code: "KeyK", ctrlKey: true };
    expect(matches(press("k", { ...k, isComposing: true }), "mod+K", false)).toBe(false);
    expect(matches(press("Process", { ...k, keyCode: 229 }), "mod+K", false)).toBe(false);
  });
  it("takes ? by what it says", () => {
    expect(matches(press("?", { code: "Slash", shiftKey: true }), "?", false)).toBe(true);
    expect(matches(press("?", { code: "Slash", shiftKey: true, ctrlKey: true }), "?", false)).toBe(
      false,
    );
  });
});

describe("a key press as a chord", () => {
  it.each([
    [press("k", { code: "KeyK", ctrlKey: true }), "mod+K"],
    [press("K", { code: "KeyK", ctrlKey: true, shiftKey: true, altKey: true }), "mod+Alt+Shift+K"],
    [press("ArrowDown", { altKey: true }), "Alt+ArrowDown"],
    [press("?", { code: "Slash", shiftKey: true }), "?"],
    [press("F6"), "F6"],
    [press("Shift", { shiftKey: true }), null],
    [press("k", { code: "KeyK" }), null],
    [press("Enter", { ctrlKey: true }), null],
    [press("Process", { altKey: true, keyCode: 229 }), null],
  ])("%#", (event, expected) => {
    const chord = chordOf(event, false);
    expect(chord).toBe(expected);
    if (chord !== null) expect(matches(event, chord, false)).toBe(true);
  });
  it("is not taken where text is edited by it", () => {
    expect(isReserved("mod+C")).toBe(true);
    expect(isReserved("mod+K")).toBe(false);
    expect(ACTIONS.filter(({ keys }) => isReserved(keys))).toEqual([]);
  });
  it("is known to whom it belongs", () => {
    expect(ownerOf("mod+K", {})).toBe("palette");
    expect(ownerOf("mod+K", { palette: "Alt+9", find: "mod+K" })).toBe("find");
    expect(ownerOf("mod+K", { palette: "" })).toBeUndefined();
    expect(ownerOf("", { palette: "" })).toBeUndefined();
  });
});

describe("actions", () => {
  it("have keys of their own", () => {
    const chords = ACTIONS.map(({ keys }) => keys);
    expect(new Set(chords).size).toBe(chords.length);
  });
  it("show their keys for the platform", () => {
    expect(shown("mod+Shift+1", false)).toBe("Ctrl ⇧ 1");
    expect(shown("mod+Shift+1", true)).toBe("⌘ ⇧ 1");
    expect(shown("Alt+ArrowDown", true)).toBe("⌥ ↓");
  });
});

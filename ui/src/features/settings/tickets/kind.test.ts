import { describe, expect, it } from "vitest";
import { newField, ofKind, optionsOf, shifted, whyAt, whyOf, withOptions } from "./kind";

const field = { ...newField([]), label: "原因" };

describe("a type of tickets", () => {
  it("is told what is wrong at the place where it stands", () => {
    const faults = [
      { place: { at: "name" as const }, why: "empty" as const },
      {
        place: { at: "field" as const, place: 1, part: "options" as const },
        why: "twice" as const,
      },
    ];
    expect(whyAt(faults, "name")).toBe("empty");
    expect(whyAt(faults, "calendar")).toBeUndefined();
    expect(whyOf(faults, 1, "options")).toBe("twice");
    expect(whyOf(faults, 0, "options")).toBeUndefined();
    expect(whyOf(faults, 1, "label")).toBeUndefined();
  });
  it("gives a new field a key of its own, also after one was removed", () => {
    const fields = [newField([]), { ...newField([]), key: "field_3" }];
    expect(newField(fields).key).toBe("field_4");
  });
  it("keeps options between one of some and any of some, and drops them for a line", () => {
    const choice = withOptions(ofKind(field, "choice"), "破损\n少件");
    expect(optionsOf(ofKind(choice, "choices").kind)).toEqual(["破损", "少件"]);
    expect(ofKind(choice, "text").kind).toEqual({ kind: "text" });
  });
  it("moves a field up and down, and no further", () => {
    expect(shifted(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(shifted(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
    expect(shifted(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
  });
});

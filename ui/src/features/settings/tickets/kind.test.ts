import { describe, expect, it } from "vitest";
import {
  cleaned,
  faults,
  newField,
  newType,
  ofKind,
  optionsOf,
  shifted,
  withOptions,
} from "./kind";

const field = { ...newField([]), label: "原因" };

describe("a type of tickets", () => {
  it("needs a name, labels, and options that differ", () => {
    expect(faults(newType())).toEqual([{ at: "name", why: "name" }]);
    const choice = ofKind(field, "choice");
    const named = { ...newType(), name: "售后退换" };
    expect(faults({ ...named, fields: [choice] })).toEqual([{ at: "field_1", why: "options" }]);
    expect(faults({ ...named, fields: [withOptions(choice, "破损\n破损")] })).toHaveLength(1);
    expect(faults({ ...named, fields: [withOptions(choice, "破损\n少件\n")] })).toEqual([]);
    expect(faults({ ...named, fields: [{ ...field, label: " " }] })).toEqual([
      { at: "field_1", why: "label" },
    ]);
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
  it("is sent without the empty lines", () => {
    const choice = withOptions(ofKind(field, "choice"), " 破损 \n\n少件\n");
    const sent = cleaned({ ...newType(), name: " 退换 ", words: ["退货", " "], fields: [choice] });
    expect(sent).toMatchObject({ name: "退换", words: ["退货"] });
    expect(optionsOf(sent.fields[0]?.kind ?? { kind: "text" })).toEqual(["破损", "少件"]);
  });
  it("moves a field up and down, and no further", () => {
    expect(shifted(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(shifted(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
    expect(shifted(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
  });
});

import { expect, it } from "vitest";
import { isLongEnough } from "./passphrase";
import { readPrefs, writePrefs } from "./prefs";
import { byteLength, categoryText, firstLetter, selfLetter } from "./text";
import { uuidv7 } from "./uuid";

it("counts bytes, not characters", () => {
  expect(byteLength("退款")).toBe(6);
  expect(byteLength("😀a")).toBe(5);
});

it("asks for a passphrase of eight characters, whatever they take", () => {
  expect(isLongEnough("一二三四五六七八")).toBe(true);
  expect(isLongEnough("一二三四五六七")).toBe(false);
  expect(isLongEnough("𠮷𠮷𠮷𠮷")).toBe(false);
});

it("takes a whole character as a letter", () => {
  expect(firstLetter("𠮷**")).toBe("𠮷");
  expect(firstLetter("anna")).toBe("A");
  expect(firstLetter("")).toBe("");
  expect(selfLetter("王晓彤")).toBe("彤");
  expect(selfLetter("Li Na")).toBe("L");
});

it("spaces a category path", () => expect(categoryText("售后/退款")).toBe("售后 / 退款"));

it("makes UUIDv7 that carry their time", () => {
  const id = uuidv7(0x0190a1b2c3d4);
  expect(id).toMatch(/^0190a1b2-c3d4-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuidv7(1)).not.toBe(uuidv7(1));
});

it("keeps the look of the window, and ignores what it cannot read", () => {
  writePrefs({ theme: "dark", widths: { "wide.list": 320 } });
  expect(readPrefs()).toEqual({ theme: "dark", locale: "zh-CN", widths: { "wide.list": 320 } });
  localStorage.setItem("lingtai.ui", "{broken");
  expect(readPrefs().theme).toBe("system");
  localStorage.setItem("lingtai.ui", '{"theme":"pink","locale":3,"widths":{"a":"x"}}');
  expect(readPrefs()).toEqual({ theme: "system", locale: "zh-CN", widths: {} });
});

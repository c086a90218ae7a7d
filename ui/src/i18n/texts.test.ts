import i18next from "i18next";
import { describe, expect, it } from "vitest";
import { ACTIONS } from "@/hotkeys";
import { CODES, RpcError } from "@/platform";
import { languages, setLocale } from "./index";
import { errorText, refusedText } from "./words";

/** Every path of a tree of texts, with its text. */
function flat(tree: object, at = ""): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") out.set(`${at}${key}`, value);
    else for (const [path, text] of flat(value, `${at}${key}.`)) out.set(path, text);
  }
  return out;
}
const zh = flat(languages["zh-CN"]);
const en = flat(languages.en);
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

describe("languages", () => {
  it("have the same keys", () => expect([...en.keys()].sort()).toEqual([...zh.keys()].sort()));
  it.each([...zh.keys()])("%s has a text and the same places in both", (key) => {
    expect(zh.get(key)).toBeTruthy();
    expect(en.get(key)).toBeTruthy();
    expect(slots(en.get(key) ?? "")).toEqual(slots(zh.get(key) ?? ""));
  });
  it("name every action", () => {
    for (const { id } of ACTIONS) expect(zh.has(`action.${id}`), id).toBe(true);
  });
  it("use no half-width punctuation after Chinese", () => {
    for (const [key, text] of zh) expect(text, key).not.toMatch(/\p{Script=Han}[,;:!?]/u);
  });
});

describe("errors", () => {
  it.each(CODES)("%s is told in words, without its code or its message", (code) => {
    for (const locale of ["zh-CN", "en"] as const) {
      setLocale(locale);
      const text = errorText(i18next.t, new RpcError(code, "secret detail", false, ""));
      expect(text.length).toBeGreaterThan(4);
      expect(text).not.toContain("secret detail");
      expect(text).not.toContain(`error.${code}`);
    }
  });
  it("give the number of an internal fault, to find it in the log", () =>
    expect(errorText(i18next.t, new RpcError("internal", "", false, "7f3a"))).toContain("7f3a"));
  it("read what came over the wire", () => {
    expect(
      RpcError.from({ code: "offline", message: "x", retry: true, trace_id: "t" }),
    ).toMatchObject({ code: "offline", retry: true, traceId: "t" });
    expect(RpcError.from({ code: "no_such_code" }).code).toBe("internal");
    expect(RpcError.from(new TypeError("fetch failed")).code).toBe("internal");
  });
  it("say shortly why a reply was refused", () => {
    expect(refusedText(i18next.t, "stale_reply")).toBe("有没看到的新消息");
    expect(refusedText(i18next.t, "internal")).toBe("服务器没有接受");
  });
});

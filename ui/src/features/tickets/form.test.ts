import { describe, expect, it } from "vitest";
import type { TicketField } from "@/ipc/generated/TicketField";
import type { TicketFieldKind } from "@/ipc/generated/TicketFieldKind";
import { missing, read, readAll, typed } from "./form";

const field = (kind: TicketFieldKind, more: Partial<TicketField> = {}): TicketField => ({
  key: "k",
  label: "一项",
  kind,
  required: "no",
  hint: "",
  source: null,
  ...more,
});
const OPTIONS = ["质量问题", "尺码不合", "发错货"];

describe("what is typed", () => {
  it.each([
    [{ kind: "text" }, " 袖口开线 ", { kind: "text", value: "袖口开线" }],
    [{ kind: "order" }, "lx20261109-88", { kind: "text", value: "LX20261109-88" }],
    [{ kind: "order" }, "LX20********7213", { kind: "text", value: "LX20********7213" }],
    [{ kind: "phone" }, "138 1234 5678", { kind: "text", value: "138 1234 5678" }],
    [{ kind: "number" }, "-3", { kind: "number", value: -3 }],
    [{ kind: "money" }, "59.9", { kind: "money", value: 5990 }],
    [{ kind: "money" }, "¥1,280 元", { kind: "money", value: 128_000 }],
    [{ kind: "money" }, "0.05", { kind: "money", value: 5 }],
    [{ kind: "choice", options: OPTIONS }, "尺码不合", { kind: "choice", value: "尺码不合" }],
    [
      { kind: "choices", options: OPTIONS },
      "发错货\n质量问题",
      { kind: "choices", value: ["质量问题", "发错货"] },
    ],
    [{ kind: "yes_no" }, "no", { kind: "yes", value: false }],
    [{ kind: "long_text" }, "", null],
  ] as const)("%o %s", (kind, text, value) =>
    expect(read(field(kind as TicketFieldKind), text)).toEqual({ value }),
  );
  it.each([
    [{ kind: "order" }, "abc", "form"],
    [{ kind: "order" }, "没有单号", "form"],
    [{ kind: "phone" }, "打电话", "form"],
    [{ kind: "number" }, "3.5", "number"],
    [{ kind: "money" }, "六十", "money"],
    [{ kind: "money" }, "1.234", "money"],
    [{ kind: "text" }, "很".repeat(121), "too_long"],
    [{ kind: "long_text" }, "长".repeat(1_400), "too_long"],
    [{ kind: "date" }, "昨天", "kind"],
    [{ kind: "choice", options: OPTIONS }, "别的", "option"],
  ] as const)("%o refuses %s", (kind, text, fault) =>
    expect(read(field(kind as TicketFieldKind), text)).toEqual({ fault }),
  );
  it("comes back as it was typed", () => {
    const kinds: [TicketFieldKind, string][] = [
      [{ kind: "money" }, "59.90"],
      [{ kind: "money" }, "60"],
      [{ kind: "date" }, "2026-11-23"],
      [{ kind: "choices", options: OPTIONS }, "质量问题\n发错货"],
      [{ kind: "yes_no" }, "yes"],
    ];
    for (const [kind, text] of kinds) {
      const got = read(field(kind), text);
      expect("value" in got && typed(got.value ?? undefined)).toBe(text);
    }
  });
});

describe("a form", () => {
  const fields = [
    field({ kind: "order" }, { key: "order", required: "create" }),
    field({ kind: "money" }, { key: "amount" }),
    field({ kind: "text" }, { key: "flow", required: "resolve" }),
  ];
  it("says what is missing, by the moment", () => {
    expect(readAll(fields, {}, "create").faults).toEqual({ order: "missing" });
    expect(readAll(fields, {}, "resolve").faults).toEqual({ order: "missing", flow: "missing" });
    expect(readAll(fields, { order: "A123", amount: "x" }, "create")).toEqual({
      values: { order: { kind: "text", value: "A123" } },
      faults: { amount: "money" },
    });
  });
  it("gives back what it was given, veil and all", () => {
    const phone = { kind: "text", value: "138****5678" } as const;
    const found = { kind: "text", value: "尾号 1234" } as const;
    const kinds = [field({ kind: "phone" }), field({ kind: "order" }, { key: "order" })];
    const given = { k: phone, order: found };
    expect(readAll(kinds, { k: "138****5678", order: "尾号 1234" }, "create", given)).toEqual({
      values: given,
      faults: {},
    });
    expect(readAll(kinds, { order: "尾号" }, "create", given).faults).toEqual({ order: "form" });
  });
  it("knows what is missing before it is resolved", () =>
    expect(
      missing(fields, { order: { kind: "text", value: "A123" } }).map(({ key }) => key),
    ).toEqual(["flow"]));
});

import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { setLocale } from "@/i18n";
import type { AssistView } from "@/ipc/generated/AssistView";
import type { Reason } from "@/ipc/generated/Reason";
import { Judgement } from "./Judgement";

const assist = (...reasons: Reason[]): AssistView => ({
  for_seq: 1,
  suggestions: [],
  intent: "",
  intent_confidence: 0,
  category: "",
  priority: "high",
  reasons,
  took_us: 0,
});

describe("why a priority is what it is", () => {
  it.each([
    ["zh-CN", "wording", "high", "措辞「等得花都谢了」升为高"],
    ["zh-CN", "overdue", "high", "提到「等得花都谢了」升为高"],
    ["zh-CN", "chit_chat", "low", "提到「等得花都谢了」降为低"],
    ["en", "wording", "high", "Wording “等得花都谢了”to High"],
    ["en", "chit_chat", "low", "Says “等得花都谢了”to Low"],
  ] as const)("in %s, by the rule %s", (locale, rule, to, expected) => {
    setLocale(locale);
    render(<Judgement assist={assist({ kind: "words", rule, words: "等得花都谢了", to })} />);
    expect(screen.getByRole("listitem").textContent).toBe(expected);
    setLocale("zh-CN");
  });
});

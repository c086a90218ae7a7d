import type { TFunction } from "i18next";
import type { SampleBy } from "@/ipc/generated/SampleBy";
import type { SampleDraft } from "@/ipc/generated/SampleDraft";

export const KINDS = [
  "random",
  "low_mark",
  "long",
  "words",
] as const satisfies readonly SampleBy["kind"][];

/** A share of a thousand as percent: `3%`, `0.5%`. */
export const shareText = (permille: number): string => `${Number((permille / 10).toFixed(1))}%`;

/** What is sampled, of a kind, to begin from. */
export function byOf(kind: SampleBy["kind"]): SampleBy {
  switch (kind) {
    case "random":
      return { kind, permille: 30 };
    case "low_mark":
      return { kind, at_most: 2 };
    case "long":
      return { kind, messages: 60, minutes: 60 };
    case "words":
      return { kind, words: [], by: "customer" };
  }
}

/** A rule to begin from. */
export const newRule = (form_id: string): SampleDraft => ({
  name: "",
  enabled: true,
  group_id: null,
  form_id,
  by: byOf("random"),
});

/** Which conversations a rule takes, in words. */
export function byText(t: TFunction, by: SampleBy): string {
  switch (by.kind) {
    case "random":
      return t("quality.by.random", { share: shareText(by.permille) });
    case "low_mark":
      return t("quality.by.lowMark", { n: by.at_most });
    case "long": {
      const { messages, minutes } = by;
      if (minutes === 0) return t("quality.by.longMessages", { messages });
      if (messages === 0) return t("quality.by.longMinutes", { minutes });
      return t("quality.by.long", { messages, minutes });
    }
    case "words":
      return t(`quality.by.words.${by.by}`, { n: by.words.length });
  }
}

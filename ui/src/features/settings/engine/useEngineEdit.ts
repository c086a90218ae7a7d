import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { EngineDraft } from "@/ipc/generated/EngineDraft";
import type { EngineProblem } from "@/ipc/generated/EngineProblem";
import type { EngineView } from "@/ipc/generated/EngineView";
import { useEngineCheck } from "@/ipc/queries";
import { useDebounced } from "@/lib/useDebounced";
import { parseGroups, parseWords, percent, sameDraft } from "./draft";
import { useEdit } from "./store";

const STILL_MS = 250;

/** A problem in words, and the line that it is in, where there is one. */
export type Told = { line: number | null; text: string };

export type EngineEdit = {
  draft: EngineDraft;
  groupsText: string;
  wordsText: string;
  dirty: boolean;
  /** The version that the edit began from. */
  base: number;
  problems: { groups: Told[]; words: Told[]; total: number; pending: boolean };
  set: (change: { groups?: string; words?: string; target?: number | null }) => void;
  reload: () => void;
  rebase: () => void;
};

/** What is being edited, checked while it is. */
export function useEngineEdit(view: EngineView | undefined): EngineEdit | null {
  const { t } = useTranslation();
  const { base, groups: groupsText, words: wordsText, target, load, set } = useEdit();
  const groups = parseGroups(groupsText);
  const words = parseWords(wordsText);
  const draft: EngineDraft = {
    synonyms: groups.items,
    dictionary: words.items,
    target_permille: target,
  };
  const dirty = view !== undefined && base !== null && !sameDraft(draft, view.draft);
  // Nothing was changed here: what counts now is shown.
  useEffect(() => {
    if (view && (base === null || (!dirty && base !== view.version))) load(view);
  }, [view, base, dirty, load]);
  const still = useDebounced(JSON.stringify(draft), STILL_MS);
  const { data: check } = useEngineCheck(JSON.parse(still));
  if (!view || base === null) return null;

  const inGroups: Told[] = [];
  const inWords: Told[] = [];
  const group = (nth: number) => groups.lineOf(nth);
  const word = (nth: number) => words.lineOf(nth);
  const tell = (problem: EngineProblem): void => {
    switch (problem.kind) {
      case "too_many_groups":
        inGroups.push({ line: null, text: t("engine.problem.tooManyGroups", { n: problem.n }) });
        break;
      case "too_much_text":
        inGroups.push({ line: null, text: t("engine.problem.tooMuchText") });
        break;
      case "group_too_long":
        inGroups.push({
          line: group(problem.group),
          text: t("engine.problem.groupTooLong", { n: problem.n }),
        });
        break;
      case "group_too_short":
        inGroups.push({ line: group(problem.group), text: t("engine.problem.groupTooShort") });
        break;
      case "blank_expression":
        inGroups.push({ line: group(problem.group), text: t("engine.problem.blank") });
        break;
      case "expression_too_long":
        inGroups.push({
          line: group(problem.group),
          text: t("engine.problem.tooLong", { text: problem.text }),
        });
        break;
      case "in_two_groups":
        inGroups.push({
          line: group(problem.second),
          text: t(
            problem.first === problem.second
              ? "engine.problem.twiceInLine"
              : "engine.problem.inTwoGroups",
            { text: problem.text, line: group(problem.first) },
          ),
        });
        break;
      case "too_many_words":
        inWords.push({ line: null, text: t("engine.problem.tooManyWords", { n: problem.n }) });
        break;
      case "blank_word":
        inWords.push({ line: word(problem.at), text: t("engine.problem.blankWord") });
        break;
      case "word_too_long":
        inWords.push({
          line: word(problem.at),
          text: t("engine.problem.tooLong", { text: problem.text }),
        });
        break;
      case "word_twice":
        inWords.push({
          line: word(problem.second),
          text: t("engine.problem.wordTwice", { text: problem.text, line: word(problem.first) }),
        });
        break;
      case "target":
        inWords.push({
          line: null,
          text: t("engine.problem.target", { n: percent(problem.permille) }),
        });
        break;
    }
  };
  for (const problem of check?.problems ?? []) tell(problem);
  return {
    draft,
    groupsText,
    wordsText,
    dirty,
    base,
    problems: {
      groups: inGroups,
      words: inWords,
      total: inGroups.length + inWords.length,
      pending: still !== JSON.stringify(draft),
    },
    set,
    reload: () => load(view),
    rebase: () => set({ base: view.version }),
  };
}

import { create } from "zustand";
import type { EngineView } from "@/ipc/generated/EngineView";
import { ofAgent } from "@/lib/agent";
import { printGroups, printWords } from "./draft";

type Edit = {
  /** The version that was looked at when the edit began; null before the first look. */
  base: number | null;
  groups: string;
  words: string;
  target: number | null;
  /** A question to try. */
  question: string;
  load: (view: EngineView) => void;
  set: (change: Partial<Omit<Edit, "set" | "load">>) => void;
};

/** What is being edited of the engine's settings; it outlives a look into another room. */
export const useEdit = create<Edit>((set) => ({
  base: null,
  groups: "",
  words: "",
  target: null,
  question: "",
  load: ({ version, draft }) =>
    set({
      base: version,
      groups: printGroups(draft.synonyms),
      words: printWords(draft.dictionary),
      target: draft.target_permille,
    }),
  set: (change) => set(change),
}));
ofAgent(useEdit);

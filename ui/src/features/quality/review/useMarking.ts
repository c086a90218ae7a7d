import { create } from "zustand";
import type { ItemMark } from "@/ipc/generated/ItemMark";
import type { QaView } from "@/ipc/generated/QaView";
import { ofAgent } from "@/lib/agent";
import { type Doing, firstMarks, withMark } from "./marks";

/** Marks are of a conversation as it was at one of its ends. */
type Draft = { marks: ItemMark[]; comment: string; ended_at: number };
type Drafts = { drafts: Record<string, Draft> };

/** What is being marked and not yet sent: it stays while one looks at another review. */
const useDrafts = create<Drafts>(() => ({ drafts: {} }));
ofAgent(useDrafts);

/** The marks of a review while they are being made. */
export function useMarking(view: QaView, doing: Doing) {
  const key = `${doing} ${view.row.id}`;
  const kept = useDrafts(({ drafts }) => drafts[key]);
  const { ended_at } = view.row;
  // What was found then is not held against who came in later; what was written can be used again.
  const isOld = kept !== undefined && kept.ended_at !== ended_at;
  const draft =
    kept && !isOld
      ? kept
      : { marks: firstMarks(view, doing), comment: kept?.comment ?? "", ended_at };
  const put = (next: Draft) =>
    useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: next } }));
  return {
    ...draft,
    isTouched: kept !== undefined,
    isOld,
    mark: (item: string, change: Partial<Omit<ItemMark, "item">>) =>
      put({ ...draft, marks: withMark(draft.marks, item, change) }),
    say: (comment: string) => put({ ...draft, comment }),
    forget: () =>
      useDrafts.setState(({ drafts }) => {
        const { [key]: _, ...rest } = drafts;
        return { drafts: rest };
      }),
  };
}

export type Marking = ReturnType<typeof useMarking>;

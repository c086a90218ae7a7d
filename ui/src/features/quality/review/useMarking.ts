import { create } from "zustand";
import type { ItemMark } from "@/ipc/generated/ItemMark";
import type { QaView } from "@/ipc/generated/QaView";
import { type Doing, firstMarks, withMark } from "./marks";

type Draft = { marks: ItemMark[]; comment: string };
type Drafts = { drafts: Record<string, Draft> };

/** What is being marked and not yet sent: it stays while one looks at another review. */
const useDrafts = create<Drafts>(() => ({ drafts: {} }));

/** The marks of a review while they are being made. */
export function useMarking(view: QaView, doing: Doing) {
  const key = `${doing} ${view.row.id}`;
  const kept = useDrafts(({ drafts }) => drafts[key]);
  const draft = kept ?? { marks: firstMarks(view, doing), comment: "" };
  const put = (next: Draft) =>
    useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: next } }));
  return {
    ...draft,
    isTouched: kept !== undefined,
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

import { useState } from "react";
import { useAction } from "@/hotkeys";

/** The one of a list that is written, the first to begin with, or a new one. */
export function useChosen<T extends { id: string; edition: number }>(
  items: readonly T[] | undefined,
  mayManage: boolean,
) {
  const [open, setOpen] = useState<string | "new" | null>(null);
  const [held, hold] = useState<{ item: T | undefined } | null>(null);
  const end = (id: string | "new" | null) => {
    hold(null);
    setOpen(id);
  };
  // The row of what is being changed is pressed for nothing.
  const choose = (id: string | "new" | null) => {
    if (id === null || held?.item?.id !== id) end(id);
  };
  useAction("qualityNew", () => choose("new"), mayManage);
  const shown = open === "new" ? undefined : (items?.find(({ id }) => id === open) ?? items?.[0]);
  const chosen = held ? held.item : shown;
  return {
    chosen,
    choose,
    /** What was written was kept, or left. */
    end,
    /** It is being changed: from now on it stays as it was begun, whatever others do to the list. */
    keep: () => held ?? hold({ item: chosen }),
    /** What is written begins anew with another one, and with another edition of it. */
    key: chosen ? `${chosen.id} ${chosen.edition}` : "new",
  };
}

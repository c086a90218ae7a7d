import { useState } from "react";
import { useAction } from "@/hotkeys";

/** The one of a list that is written, the first to begin with, or a new one. */
export function useChosen<T extends { id: string; edition: number }>(
  items: readonly T[] | undefined,
  mayManage: boolean,
) {
  const [open, choose] = useState<string | "new" | null>(null);
  useAction("qualityNew", () => choose("new"), mayManage);
  const chosen = open === "new" ? undefined : (items?.find(({ id }) => id === open) ?? items?.[0]);
  return {
    chosen,
    choose,
    /** What is written begins anew with another one, and with another edition of it. */
    key: chosen ? `${chosen.id} ${chosen.edition}` : "new",
  };
}

import { COLUMNS } from "./columns";
import { type Kept, useDesk } from "./store";

const KEY = "lingtai.tickets";
const SORTS = ["due", "priority", "updated", "created"] as const;

/** How the room was left, as far as it can be read. */
export function readKept(): Partial<Kept> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    const kept: Partial<Kept> = {};
    if ("show" in stored && (stored.show === "board" || stored.show === "table"))
      kept.show = stored.show;
    const sort = SORTS.find((each) => "sort" in stored && stored.sort === each);
    if (sort) kept.sort = sort;
    if ("reversed" in stored && typeof stored.reversed === "boolean")
      kept.reversed = stored.reversed;
    if ("scope" in stored) {
      const { scope } = stored;
      if (scope === "all" || scope === "mine" || scope === "waiting") kept.scope = scope;
    }
    if ("shut" in stored && Array.isArray(stored.shut)) {
      const { shut } = stored;
      kept.shut = COLUMNS.filter((state) => shut.includes(state));
    }
    return kept;
  } catch {
    return {};
  }
}

/** Keeps how the room is shown for the next time; gives a way to stop. Filters are not kept: they would hide tickets from whoever forgot them. */
export function remember(): () => void {
  return useDesk.subscribe(({ show, sort, reversed, scope, shut }) => {
    try {
      localStorage.setItem(KEY, JSON.stringify({ show, sort, reversed, scope, shut }));
    } catch {
      // A full storage costs the memory of a view, nothing else.
    }
  });
}

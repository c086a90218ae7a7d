import type { AgentId } from "@/ipc/generated/AgentId";
import { onNextAgent } from "@/lib/agent";
import { COLUMNS } from "./columns";
import { type Filters, type Kept, NONE, type ScopeTab, useDesk, type View } from "./store";

const KEY = "lingtai.tickets";
const SORTS = ["due", "priority", "updated", "created"] as const;
const PRIORITIES = ["urgent", "high", "normal", "low"] as const;
const DUES = ["soon", "breached"] as const;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isDepartment = (scope: string): scope is `d:${string}` => scope.startsWith("d:");
function scopeIn(value: unknown): ScopeTab | undefined {
  if (value === "all" || value === "mine" || value === "waiting" || value === "mentioned")
    return value;
  return typeof value === "string" && isDepartment(value) ? value : undefined;
}

/** The part of a view that every look at the room has. */
function lookIn(stored: Record<string, unknown>): Partial<Omit<Kept, "shut" | "views">> {
  const scope = scopeIn(stored.scope);
  const sort = SORTS.find((each) => each === stored.sort);
  return {
    ...((stored.show === "board" || stored.show === "table") && { show: stored.show }),
    ...(sort && { sort }),
    ...(typeof stored.reversed === "boolean" && { reversed: stored.reversed }),
    ...(scope && { scope }),
  };
}

function filtersIn(value: unknown): Filters {
  if (!isObject(value)) return NONE;
  return {
    query: "",
    type: typeof value.type === "string" ? value.type : null,
    priority: PRIORITIES.find((each) => each === value.priority) ?? null,
    due: DUES.find((each) => each === value.due) ?? null,
    state:
      value.state === "unfinished"
        ? value.state
        : (COLUMNS.find((each) => each === value.state) ?? null),
  };
}

function viewIn(value: unknown): View[] {
  if (!isObject(value) || typeof value.name !== "string" || value.name === "") return [];
  const { show = "board", sort = "due", reversed = false, scope = "all" } = lookIn(value);
  return [{ name: value.name, show, sort, reversed, scope, filters: filtersIn(value.filters) }];
}

function drop(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Where nothing may be removed nothing was kept.
  }
}
onNextAgent(drop);

/** How this agent left the room, as far as it can be read. What another one kept goes away. */
export function readKept(who: AgentId): Partial<Kept> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (!isObject(stored)) return {};
    if (stored.who !== who) {
      drop();
      return {};
    }
    const { shut, views } = stored;
    return {
      ...lookIn(stored),
      ...(Array.isArray(shut) && { shut: COLUMNS.filter((state) => shut.includes(state)) }),
      ...(Array.isArray(views) && { views: views.flatMap(viewIn) }),
    };
  } catch {
    return {};
  }
}

/**
 * Keeps how the room is shown, and the views that have a name; gives a way to stop. Filters without
 * a name are not kept: they would hide tickets from whoever forgot them. Everybody at this machine
 * can read it, so that no word that was looked for is among it.
 */
export function remember(who: AgentId): () => void {
  return useDesk.subscribe(({ show, sort, reversed, scope, shut, views }) => {
    try {
      localStorage.setItem(KEY, JSON.stringify({ who, show, sort, reversed, scope, shut, views }));
    } catch {
      // A full storage costs the memory of a view, nothing else.
    }
  });
}

import type { AgentId } from "@/ipc/generated/AgentId";
import type { SavedTicketView } from "@/ipc/generated/SavedTicketView";
import { onNextAgent } from "@/lib/agent";
import { COLUMNS } from "./columns";
import { type Filters, type Kept, NONE, type ScopeTab, useDesk, viewOf } from "./store";

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
function lookIn(stored: Record<string, unknown>): Partial<Omit<Kept, "shut">> {
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

function viewIn(value: unknown): SavedTicketView[] {
  if (!isObject(value) || typeof value.name !== "string" || value.name === "") return [];
  const { show = "board", sort = "due", reversed = false, scope = "all" } = lookIn(value);
  const filters = filtersIn(value.filters);
  return [viewOf(value.name, { show, sort, reversed, scope, filters })];
}

function drop(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Where nothing may be removed nothing was kept.
  }
}
onNextAgent(drop);

/** What is kept for this agent. What another one kept goes away. */
function storedOf(who: AgentId): Record<string, unknown> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (!isObject(stored)) return {};
    if (stored.who === who) return stored;
    drop();
    return {};
  } catch {
    return {};
  }
}

function write(kept: object): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A full storage costs the memory of a look, nothing else.
  }
}

/** How this agent left the room, as far as it can be read. */
export function readKept(who: AgentId): Partial<Kept> {
  const stored = storedOf(who);
  const { shut } = stored;
  return {
    ...lookIn(stored),
    ...(Array.isArray(shut) && { shut: COLUMNS.filter((state) => shut.includes(state)) }),
  };
}

/**
 * Keeps how the room is shown; gives a way to stop. Filters are not kept: they would hide tickets
 * from whoever forgot them, and everybody at this machine can read what is written here.
 */
export function remember(who: AgentId): () => void {
  return useDesk.subscribe(({ show, sort, reversed, scope, shut }) => {
    // Views that were kept here stay until they are where they belong.
    const { views } = storedOf(who);
    write({ who, show, sort, reversed, scope, shut, views });
  });
}

/** Views by name that were once kept here, by each window alone. */
export function oldViews(who: AgentId): SavedTicketView[] {
  const { views } = storedOf(who);
  return Array.isArray(views) ? views.flatMap(viewIn) : [];
}

/** They are among the agent's own by now. */
export function forgetOldViews(who: AgentId): void {
  const { views, ...kept } = storedOf(who);
  if (views !== undefined) write(kept);
}

import { create } from "zustand";
import type { GroupId } from "@/ipc/generated/GroupId";
import type { Priority } from "@/ipc/generated/Priority";
import type { SavedTicketView } from "@/ipc/generated/SavedTicketView";
import type { TicketDue } from "@/ipc/generated/TicketDue";
import type { TicketFilter } from "@/ipc/generated/TicketFilter";
import type { TicketId } from "@/ipc/generated/TicketId";
import type { TicketScope } from "@/ipc/generated/TicketScope";
import type { TicketSort } from "@/ipc/generated/TicketSort";
import type { TicketState } from "@/ipc/generated/TicketState";
import type { TicketTypeId } from "@/ipc/generated/TicketTypeId";
import { noFilter } from "@/ipc/tickets";
import { ofAgent } from "@/lib/agent";
import type { Undo } from "@/parts/undo";

/** A part of the tickets, as a tab names it. */
export type ScopeTab = "all" | "mine" | "waiting" | "mentioned" | `d:${GroupId}`;

/** What is done to all ticked tickets. */
export type BulkKind = "claim" | "assign" | "transfer" | "priority" | "move";

/** What is asked before an act is done. */
export type Asking =
  | { kind: "move"; id: TicketId }
  | { kind: "to"; id: TicketId; to: TicketState }
  | { kind: "transfer"; id: TicketId }
  | { kind: "return"; id: TicketId }
  | { kind: "assign"; id: TicketId }
  | { kind: "merge"; id: TicketId }
  | { kind: "verify"; id: TicketId; ok: boolean }
  | { kind: "bulk"; act: BulkKind }
  | { kind: "export" }
  | { kind: "views" };

export type Filters = {
  query: string;
  type: TicketTypeId | null;
  priority: Priority | null;
  due: TicketDue | null;
  /** A state, or all in which work is still to be done. */
  state: TicketState | "unfinished" | null;
};
/** A way to look at the tickets. */
export type Look = Pick<Store, "show" | "scope" | "sort" | "reversed" | "filters">;

export const NONE: Filters = { query: "", type: null, priority: null, due: null, state: null };
/** As many as are acted on at once. */
export const MOST_TICKED = 500;
/** Columns that show only their number until they are opened. */
const SHUT: readonly TicketState[] = ["resolved", "closed", "cancelled"];

type Store = {
  show: "board" | "table";
  scope: ScopeTab;
  sort: TicketSort;
  reversed: boolean;
  filters: Filters;
  filtersOpen: boolean;
  /** The ticket that the keys stand on. */
  active: TicketId | null;
  ticked: ReadonlySet<TicketId>;
  shut: readonly TicketState[];
  /** Which cards of each column are in sight. */
  sight: Partial<Record<TicketState, { from: number; to: number }>>;
  asking: Asking | null;
  /** Where the cursor is put in the open ticket. */
  writing: boolean;
  /** What takes back what was done last, while that is said. */
  undo: Undo | null;
  set: (
    change: Partial<Omit<Store, "set" | "filter" | "clear" | "tick" | "tickMany" | "toggle">>,
  ) => void;
  filter: (change: Partial<Filters>) => void;
  clear: () => void;
  tick: (id: TicketId) => void;
  tickMany: (ids: readonly TicketId[]) => void;
  toggle: (state: TicketState) => void;
};

/** What is kept for the next time. */
export type Kept = Pick<Store, "show" | "sort" | "reversed" | "scope" | "shut">;

export const useDesk = create<Store>((set) => ({
  show: "board",
  scope: "all",
  sort: "due",
  reversed: false,
  filters: NONE,
  filtersOpen: false,
  active: null,
  ticked: new Set(),
  shut: SHUT,
  sight: {},
  asking: null,
  writing: false,
  undo: null,
  set: (change) => set(change),
  filter: (change) => set(({ filters }) => ({ filters: { ...filters, ...change } })),
  clear: () => set({ filters: NONE }),
  tick: (id) =>
    set(({ ticked }) => {
      const next = new Set(ticked);
      if (!next.delete(id)) next.add(id);
      return { ticked: next };
    }),
  tickMany: (ids) =>
    set(({ ticked }) => ({ ticked: new Set([...ticked, ...ids].slice(0, MOST_TICKED)) })),
  toggle: (state) =>
    set(({ shut }) => ({
      shut: shut.includes(state) ? shut.filter((each) => each !== state) : [...shut, state],
    })),
}));
ofAgent(useDesk);

/** How many filters hold. */
export const filtersOn = ({ query, ...others }: Filters): number =>
  [query.trim() !== "", ...Object.values(others).map((each) => each !== null)].filter(Boolean)
    .length;

const UNFINISHED: readonly TicketState[] = ["new", "open", "pending_customer", "on_hold"];
const statesOf = (state: Filters["state"]): TicketState[] =>
  state === null ? [] : state === "unfinished" ? [...UNFINISHED] : [state];

const scopeOf = (tab: ScopeTab): TicketScope =>
  tab === "all" || tab === "mine" || tab === "waiting" || tab === "mentioned"
    ? { kind: tab }
    : { kind: "department", id: tab.slice(2) };

/** The filter that the program is asked with. `query` has stood still for a moment. */
export const filterOf = (scope: ScopeTab, filters: Filters, query: string): TicketFilter =>
  noFilter({
    scope: scopeOf(scope),
    types: filters.type === null ? [] : [filters.type],
    priorities: filters.priority === null ? [] : [filters.priority],
    due: filters.due,
    states: statesOf(filters.state),
    query,
  });

/** What is kept of a look under a name. */
export const viewOf = (
  name: string,
  { show, scope, sort, reversed, filters }: Look,
): SavedTicketView => {
  const { states, types, priorities, due, query } = filterOf(scope, filters, filters.query.trim());
  const filter = { states, types, priorities, due, query };
  return { name, layout: show, scope: scopeOf(scope), sort, reversed, filter };
};

/** The look that was kept. */
export const lookOf = ({ layout, scope, sort, reversed, filter }: SavedTicketView): Look => ({
  show: layout,
  scope: scope.kind === "department" ? `d:${scope.id}` : scope.kind,
  sort,
  reversed,
  filters: {
    query: filter.query,
    type: filter.types[0] ?? null,
    priority: filter.priorities[0] ?? null,
    due: filter.due,
    state: filter.states.length > 1 ? "unfinished" : (filter.states[0] ?? null),
  },
});

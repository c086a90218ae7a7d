import type { TicketBoard } from "@/ipc/generated/TicketBoard";
import type { TicketFilter } from "@/ipc/generated/TicketFilter";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import type { TicketSort } from "@/ipc/generated/TicketSort";
import type { TicketState } from "@/ipc/generated/TicketState";
import { COLUMN_WINDOW, useTicketBoard, useTicketWindows } from "@/ipc/tickets";
import { COLUMNS } from "./columns";
import { useDesk } from "./store";

export type Column = {
  state: TicketState;
  total: number;
  /** The cards; those that were not in sight yet are holes. */
  rows: readonly (TicketRow | undefined)[];
};

/** Rows of windows at their places in a column. */
export function laid(
  total: number,
  windows: readonly { offset: number; rows: readonly TicketRow[] }[],
): (TicketRow | undefined)[] {
  const rows: (TicketRow | undefined)[] = Array.from({ length: total });
  for (const { offset, rows: some } of windows)
    for (const [n, row] of some.entries()) if (offset + n < total) rows[offset + n] = row;
  return rows;
}

/** The board: of each column the first cards, and those that are in sight. */
export function useColumns(filter: TicketFilter, sort: TicketSort, enabled: boolean) {
  const { sight, shut } = useDesk();
  const args = filter.states.length > 0 ? filter : { ...filter, states: [...COLUMNS] };
  const board = useTicketBoard({ filter: args, sort, limit: COLUMN_WINDOW }, enabled);
  const wanted = (enabled ? args.states : [])
    .filter((state) => !shut.includes(state))
    .flatMap((state) => {
      const { from, to } = sight[state] ?? { from: 0, to: 0 };
      const first = Math.max(1, Math.floor(from / COLUMN_WINDOW));
      const last = Math.floor(to / COLUMN_WINDOW);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => ({
        state,
        n: first + n,
      }));
    });
  const windows = useTicketWindows({ filter: args, sort }, wanted);
  const columns = (data: TicketBoard | undefined): Column[] =>
    (data?.columns ?? []).map(({ state, total, rows }) => ({
      state,
      total,
      rows: laid(total, [
        { offset: 0, rows },
        ...windows.filter((window) => window.state === state),
      ]),
    }));
  return { board, columns: columns(board.data) };
}

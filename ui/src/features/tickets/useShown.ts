import type { TicketBoard } from "@/ipc/generated/TicketBoard";
import type { TicketCounts } from "@/ipc/generated/TicketCounts";
import type { TicketFilter } from "@/ipc/generated/TicketFilter";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import { useTicketBoard, useTicketTable } from "@/ipc/tickets";
import { useDebounced } from "@/lib/useDebounced";
import { COLUMNS } from "./columns";
import { filterOf, useDesk } from "./store";

const STILL_MS = 200;
/** What the room shows now: board or table. */
export type Shown = {
  filter: TicketFilter;
  board: TicketBoard | undefined;
  rows: readonly TicketRow[];
  total: number;
  counts: TicketCounts | undefined;
  /** Whether the numbers are those of the filter, and not of the one before. */
  known: boolean;
  error: unknown;
  more: () => void;
};

export function useShown(): Shown {
  const { show, scope, sort, reversed, filters, limit } = useDesk();
  const query = useDebounced(filters.query.trim(), STILL_MS);
  const filter = filterOf(scope, filters, query);
  const onBoard = show === "board";
  const board = useTicketBoard(
    {
      filter: filter.states.length > 0 ? filter : { ...filter, states: [...COLUMNS] },
      sort,
      limit,
    },
    onBoard,
  );
  const table = useTicketTable({ filter, sort, reversed }, !onBoard);
  if (onBoard) {
    const columns = board.data?.columns ?? [];
    return {
      filter,
      board: board.data,
      rows: columns.flatMap(({ rows }) => rows),
      total: columns.reduce((sum, { total }) => sum + total, 0),
      counts: board.data?.counts,
      known: board.data !== undefined && !board.isPlaceholderData,
      error: board.error,
      more: () => undefined,
    };
  }
  const pages = table.data?.pages ?? [];
  return {
    filter,
    board: undefined,
    rows: pages.flatMap(({ rows }) => rows),
    total: pages[0]?.total ?? 0,
    counts: pages[0]?.counts,
    known: table.data !== undefined && !table.isPlaceholderData,
    error: table.error,
    more: () => {
      if (table.hasNextPage && !table.isFetchingNextPage) void table.fetchNextPage();
    },
  };
}

import type { TicketCounts } from "@/ipc/generated/TicketCounts";
import type { TicketFilter } from "@/ipc/generated/TicketFilter";
import type { TicketRow } from "@/ipc/generated/TicketRow";
import { useTicketTable } from "@/ipc/tickets";
import { useDebounced } from "@/lib/useDebounced";
import { filterOf, useDesk } from "./store";
import { type Column, useColumns } from "./useColumns";

const STILL_MS = 200;
/** What the room shows now: board or table. */
export type Shown = {
  filter: TicketFilter;
  columns: readonly Column[] | undefined;
  rows: readonly TicketRow[];
  total: number;
  counts: TicketCounts | undefined;
  /** Whether the numbers are those of the filter, and not of the one before. */
  known: boolean;
  error: unknown;
  more: () => void;
};

export function useShown(): Shown {
  const { show, scope, sort, reversed, filters } = useDesk();
  const query = useDebounced(filters.query.trim(), STILL_MS);
  const filter = filterOf(scope, filters, query);
  const onBoard = show === "board";
  const { board, columns } = useColumns(filter, sort, onBoard);
  const table = useTicketTable({ filter, sort, reversed }, !onBoard);
  if (onBoard)
    return {
      filter,
      columns: board.data && columns,
      rows: columns.flatMap(({ rows }) => rows.filter((row) => row !== undefined)),
      total: columns.reduce((sum, { total }) => sum + total, 0),
      counts: board.data?.counts,
      known: board.data !== undefined && !board.isPlaceholderData,
      error: board.error,
      more: () => undefined,
    };
  const pages = table.data?.pages ?? [];
  return {
    filter,
    columns: undefined,
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

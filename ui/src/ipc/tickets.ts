import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { ConversationId } from "./generated/ConversationId";
import type { TicketBoardArgs } from "./generated/TicketBoardArgs";
import type { TicketBulkAct } from "./generated/TicketBulkAct";
import type { TicketFilter } from "./generated/TicketFilter";
import type { TicketId } from "./generated/TicketId";
import type { TicketListArgs } from "./generated/TicketListArgs";
import type { TicketSort } from "./generated/TicketSort";
import type { TicketState } from "./generated/TicketState";
import type { TicketTypeId } from "./generated/TicketTypeId";
import { keys } from "./keys";

/** Rows that are fetched at once. */
const PAGE = 200;

/** A filter that lets everything through. */
export const noFilter = (change: Partial<TicketFilter> = {}): TicketFilter => ({
  scope: { kind: "all" },
  states: [],
  types: [],
  priorities: [],
  due: null,
  query: "",
  contact_id: null,
  conversation_id: null,
  ...change,
});

/** The views of the tickets that the agent saved, at whichever desk. */
export const useTicketViews = () =>
  useQuery({ queryKey: keys.ticketViews, queryFn: () => call("ticket_view.list", {}) });

export const useTicketBoard = (args: TicketBoardArgs, enabled = true) =>
  useQuery({
    queryKey: keys.ticketBoard(args),
    queryFn: () => call("ticket.board", args),
    enabled,
    placeholderData: keepPreviousData,
  });

/** Cards of a column that are asked for at once. */
export const COLUMN_WINDOW = 100;
type Window = { state: TicketState; n: number };

/** Windows of the columns of a board behind the first ones, by their numbers. */
export const useTicketWindows = (
  { filter, sort }: Pick<TicketBoardArgs, "filter" | "sort">,
  wanted: readonly Window[],
) =>
  useQueries({
    queries: wanted.map(({ state, n }) => {
      const args: TicketListArgs = {
        filter: { ...filter, states: [state] },
        sort,
        reversed: false,
        offset: n * COLUMN_WINDOW,
        limit: COLUMN_WINDOW,
      };
      return { queryKey: keys.ticketWindow(args), queryFn: () => call("ticket.list", args) };
    }),
    combine: (answers) =>
      answers.map(({ data }, at) => ({
        state: wanted[at]?.state,
        offset: data?.offset ?? 0,
        rows: data?.rows ?? [],
      })),
  });

type Table = { filter: TicketFilter; sort: TicketSort; reversed: boolean };

/** A table, page after page as far as it was looked at. */
export const useTicketTable = ({ filter, sort, reversed }: Table, enabled = true) =>
  useInfiniteQuery({
    queryKey: keys.ticketTable({ filter, sort, reversed }),
    queryFn: ({ pageParam }) =>
      call("ticket.list", { filter, sort, reversed, offset: pageParam, limit: PAGE }),
    initialPageParam: 0,
    getNextPageParam: ({ offset, rows, total }) =>
      offset + rows.length < total && rows.length > 0 ? offset + rows.length : undefined,
    enabled,
    placeholderData: keepPreviousData,
  });

/** The first few tickets of a filter, and the counts of all scopes. */
export const useTicketList = (filter: TicketFilter, limit: number, enabled = true) =>
  useQuery({
    queryKey: keys.ticketList(filter, limit),
    queryFn: () =>
      call("ticket.list", { filter, sort: "updated", reversed: false, offset: 0, limit }),
    enabled,
    placeholderData: keepPreviousData,
  });

export const useTicket = (id: TicketId, enabled = true) =>
  useQuery({
    queryKey: keys.ticket(id),
    queryFn: () => call("ticket.get", { ticket_id: id }),
    enabled,
  });

/** Colleagues whom a note in a ticket may name. */
export const useTicketColleagues = (id: TicketId, enabled: boolean) =>
  useQuery({
    queryKey: keys.ticketColleagues(id),
    queryFn: () => call("ticket.colleagues", { ticket_id: id }),
    enabled,
  });

/** What would come of an act on many tickets. */
export const useTicketBulk = (ids: readonly TicketId[], act: TicketBulkAct) =>
  useQuery({
    queryKey: keys.ticketBulk(ids, act),
    queryFn: () => call("ticket.bulk", { ids: [...ids], act, preview: true }),
    staleTime: 0,
    gcTime: 0,
  });

export const useTicketChoices = () =>
  useQuery({ queryKey: keys.ticketChoices, queryFn: () => call("ticket.choices", {}) });

export const useTicketTypes = () =>
  useQuery({ queryKey: keys.ticketTypes, queryFn: () => call("ticket_type.list", {}) });

/** What a conversation has for a new ticket; asked for anew each time, kept while it is written. */
export const useTicketForm = (conversation: ConversationId | null, type: TicketTypeId | null) =>
  useQuery({
    queryKey: keys.ticketForm(conversation, type),
    queryFn: () => call("ticket.prepare", { conversation_id: conversation, type_id: type }),
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { ConversationId } from "./generated/ConversationId";
import type { TicketBoardArgs } from "./generated/TicketBoardArgs";
import type { TicketFilter } from "./generated/TicketFilter";
import type { TicketId } from "./generated/TicketId";
import type { TicketSort } from "./generated/TicketSort";
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

export const useTicketBoard = (args: TicketBoardArgs, enabled = true) =>
  useQuery({
    queryKey: keys.ticketBoard(args),
    queryFn: () => call("ticket.board", args),
    enabled,
    placeholderData: keepPreviousData,
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

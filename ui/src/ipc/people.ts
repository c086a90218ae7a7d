import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { ContactId } from "./generated/ContactId";
import type { ConversationId } from "./generated/ConversationId";
import type { LiveArgs } from "./generated/LiveArgs";
import { keys } from "./keys";

/** Who else the customer of a conversation is, and who they may be. */
export const usePeople = (id: ConversationId) =>
  useQuery({
    queryKey: keys.people(id),
    queryFn: () => call("people.get", { conversation_id: id }),
  });

/** Customers of a name or a number. */
export const usePeopleFound = (id: ConversationId, query: string) =>
  useQuery({
    queryKey: keys.peopleFound(id, query),
    queryFn: () => call("people.find", { conversation_id: id, query }),
    enabled: query !== "",
    placeholderData: keepPreviousData,
  });

/** What a merge with another customer would do. */
export const usePair = (id: ConversationId, other: ContactId) =>
  useQuery({
    queryKey: keys.peoplePair(id, other),
    queryFn: () => call("people.compare", { conversation_id: id, contact_id: other }),
  });

const live = (args: LiveArgs) => ({
  queryKey: keys.live(args),
  queryFn: () => call("live.list", args),
  placeholderData: keepPreviousData,
});

/** Rows of one window. */
export const LIVE_WINDOW = 50;

/** What goes on in the groups of a lead, by so many windows, one behind the other. */
export function useLiveWindows(args: Omit<LiveArgs, "offset" | "limit">, nWindows: number) {
  return useQueries({
    queries: Array.from({ length: nWindows }, (_, at) =>
      live({ ...args, offset: at * LIVE_WINDOW, limit: LIVE_WINDOW }),
    ),
    combine: (windows) => {
      // What moved up between two answers stands once.
      const rows = new Map(
        windows.flatMap(({ data }) => data?.rows ?? []).map((row) => [row.row.id, row]),
      );
      const first = windows[0]?.data;
      return {
        data: first && { ...first, rows: Array.from(rows.values()) },
        error: windows.find(({ error }) => error)?.error ?? null,
      };
    },
  });
}

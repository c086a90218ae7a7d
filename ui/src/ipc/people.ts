import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { ContactId } from "./generated/ContactId";
import type { ConversationId } from "./generated/ConversationId";
import type { LiveArgs } from "./generated/LiveArgs";
import type { LiveRow } from "./generated/LiveRow";
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
const LIVE_WINDOW = 50;

/**
 * What goes on in the groups of a lead: the first window, those that are in sight, and what is around
 * the row at `stood`, on which the keys stand also while it is out of sight.
 */
export function useLiveWindows(
  args: Omit<LiveArgs, "offset" | "limit">,
  { from, to }: { from: number; to: number },
  stood: number,
) {
  const covering = (from: number, to: number) => {
    const first = Math.floor(from / LIVE_WINDOW);
    const last = Math.floor(to / LIVE_WINDOW);
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  };
  const some = [0, ...covering(from, to), ...covering(Math.max(0, stood - 1), stood + 1)];
  const wanted = [...new Set(some)].sort((a, b) => a - b);
  return useQueries({
    queries: wanted.map((n) => ({
      ...live({ ...args, offset: n * LIVE_WINDOW, limit: LIVE_WINDOW }),
      // What stood here before is shown until the first window comes; another window is a hole.
      ...(n > 0 && { placeholderData: undefined }),
    })),
    combine: (windows) => {
      const head = windows[0]?.data;
      const rows: (LiveRow | undefined)[] = Array.from({ length: head?.total ?? 0 });
      // What moved between two answers stands once, where it stands first.
      const known = new Set<string>();
      for (const [at, { data }] of windows.entries())
        for (const [n, row] of (data?.rows ?? []).entries()) {
          const place = (wanted[at] ?? 0) * LIVE_WINDOW + n;
          if (place >= rows.length || known.has(row.row.id)) continue;
          known.add(row.row.id);
          rows[place] = row;
        }
      return {
        data: head && { ...head, rows },
        error: windows.find(({ error }) => error)?.error ?? null,
      };
    },
  });
}

import {
  keepPreviousData,
  type QueryFunctionContext,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { call } from "./call";
import type { ConversationId } from "./generated/ConversationId";
import type { ConversationRow } from "./generated/ConversationRow";
import type { EngineDraft } from "./generated/EngineDraft";
import type { FaqListArgs } from "./generated/FaqListArgs";
import type { FindArgs } from "./generated/FindArgs";
import type { InboxArgs } from "./generated/InboxArgs";
import type { InboxPage } from "./generated/InboxPage";
import type { SearchHit } from "./generated/SearchHit";
import type { Settings } from "./generated/Settings";
import { keys } from "./keys";

const SEARCH_LIMIT = 20;

/** What events carry too: an answer that was under way when one came is older, and gives way. */
export const carried = <T>(queryKey: readonly [string], ask: () => Promise<T>) => ({
  queryKey,
  queryFn: async ({ client }: QueryFunctionContext): Promise<T> => {
    const changes = () => client.getQueryState(queryKey)?.dataUpdateCount ?? 0;
    const before = changes();
    const answer = await ask();
    return changes() === before ? answer : (client.getQueryData<T>(queryKey) ?? answer);
  },
});
export const sessionQuery = carried(keys.session, () => call("session.get", {}));
export const connectionQuery = carried(keys.connection, () => call("connection.get", {}));

export const useSession = () => useQuery(sessionQuery);
export const useInfo = () => useQuery({ queryKey: keys.info, queryFn: () => call("app.info", {}) });
export const useConnection = () => useQuery(connectionQuery);
export const useOutbox = () =>
  useQuery({ queryKey: keys.outbox, queryFn: () => call("outbox.list", {}) });
/** The views of the inbox that the agent saved, at whichever desk. */
export const useViews = () =>
  useQuery({ queryKey: keys.views, queryFn: () => call("view.list", {}) });
/** What went back to the queues while the agent was gone. */
export const useReturned = () =>
  useQuery({ queryKey: keys.returned, queryFn: () => call("routing.returned", {}) });
/** What is offered to the agent at this desk. */
export const useOffers = () =>
  useQuery({ queryKey: keys.offers, queryFn: () => call("offer.list", {}) });
/** To whom a conversation may be given. */
export const useTransferTargets = (id: ConversationId) =>
  useQuery({
    queryKey: keys.targets(id),
    queryFn: () => call("transfer.targets", { conversation_id: id }),
  });
/** The settings of routing, for an administrator; for a lead those of their groups. */
export const useRoutingSettings = () =>
  useQuery({ queryKey: keys.routing, queryFn: () => call("routing.settings", {}) });
export const usePropertyChoices = () =>
  useQuery({ queryKey: keys.choices, queryFn: () => call("property.choices", {}) });
export const useSecurity = () =>
  useQuery({ queryKey: keys.security, queryFn: () => call("security.get", {}) });
export const useBackups = () =>
  useQuery({ queryKey: keys.backups, queryFn: () => call("backup.get", {}) });
export const useSettings = () =>
  useQuery({
    queryKey: keys.settings,
    // After the changes that are on their way, so that what was chosen last does not flicker.
    queryFn: async () => {
      await settingsSent.catch(() => undefined);
      return call("settings.get", {});
    },
  });

/** The agent at this desk, once signed in. */
export const useMe = () => {
  const { data } = useSession();
  return data?.phase === "ready" ? data.me : undefined;
};

/** Rows that are asked for at once. */
const INBOX_WINDOW = 100;
type InboxPlace = Pick<InboxArgs, "scope" | "sort" | "filter">;

/** A window of the list by its number. */
export const inboxWindow = (place: InboxPlace, n = 0) => {
  const args: InboxArgs = { ...place, offset: n * INBOX_WINDOW, limit: INBOX_WINDOW };
  return { queryKey: keys.inbox(args), queryFn: () => call("inbox.list", args) };
};

/** The first rows of the list, and the counts of all scopes. */
export const useInbox = (place: InboxPlace, enabled = true) =>
  useQuery({ ...inboxWindow(place), enabled, placeholderData: keepPreviousData });

/** The rows of the list, of which those in sight are there, and the counts of all scopes. */
export const useInboxRows = (place: InboxPlace, range: { from: number; to: number }) => {
  const first = Math.floor(range.from / INBOX_WINDOW);
  const last = Math.max(first, Math.floor(range.to / INBOX_WINDOW));
  const windows = useQueries({
    queries: Array.from({ length: last - first + 1 }, (_, n) => inboxWindow(place, first + n)),
  });
  const pages = windows.map(({ data }) => data).filter((page) => page !== undefined);
  const newest = windows.reduce((a, b) => (b.dataUpdatedAt > a.dataUpdatedAt ? b : a)).data;
  return newest && { rows: spread(pages, newest.total), counts: newest.counts };
};

/** Rows of windows at their places in a list; where none is known yet there is a hole. */
export function spread(
  pages: readonly InboxPage[],
  total: number,
): (ConversationRow | undefined)[] {
  const rows: (ConversationRow | undefined)[] = Array.from({ length: total });
  for (const page of pages)
    for (const [n, row] of page.rows.entries())
      if (page.offset + n < total) rows[page.offset + n] = row;
  return rows;
}

export const useConversation = (id: ConversationId) =>
  useQuery({
    queryKey: keys.conversation(id),
    queryFn: () => call("conversation.get", { conversation_id: id }),
  });

export const useCustomer = (id: ConversationId) =>
  useQuery({
    queryKey: keys.customer(id),
    queryFn: () => call("customer.get", { conversation_id: id }),
    // Looking at a customer again asks for what is old.
    staleTime: 60_000,
  });

/** Canned replies; asked for when they are wanted first. */
export const useCanned = (enabled = true) =>
  useQuery({ queryKey: keys.canned, queryFn: () => call("canned.list", {}), enabled });

/** Colleagues whom a note in a conversation may name. */
export const useColleagues = (id: ConversationId) =>
  useQuery({
    queryKey: keys.colleagues(id),
    queryFn: () => call("mention.choices", { conversation_id: id }),
  });

/** What the inbox may be filtered by. */
export const useInboxChoices = (enabled: boolean) =>
  useQuery({
    queryKey: keys.inboxChoices,
    queryFn: () => call("inbox.choices", {}),
    enabled,
    placeholderData: keepPreviousData,
  });

export const useAssist = (id: ConversationId) =>
  useQuery({
    queryKey: keys.assist(id),
    queryFn: () => call("assist.suggest", { conversation_id: id }),
  });

export const useFaqSearch = (query: string) =>
  useQuery({
    queryKey: keys.faqSearch(query),
    queryFn: () => call("faq.search", { query, limit: SEARCH_LIMIT }),
    enabled: query !== "",
    placeholderData: keepPreviousData,
  });

export const useExplanation = (id: ConversationId, faqId: string) =>
  useQuery({
    queryKey: keys.explanation(id, faqId),
    queryFn: () => call("assist.explain", { conversation_id: id, faq_id: faqId }),
  });

export const useFaqList = (args: FaqListArgs) =>
  useQuery({
    queryKey: keys.faqList(args),
    queryFn: () => call("faq.list", args),
    placeholderData: keepPreviousData,
  });

export const useFaqEntry = (id: string) =>
  useQuery({ queryKey: keys.faqEntry(id), queryFn: () => call("faq.get", { faq_id: id }) });

export const useHealth = () =>
  useQuery({ queryKey: keys.health, queryFn: () => call("health.get", {}) });

export const useEngine = () =>
  useQuery({ queryKey: keys.engine, queryFn: () => call("engine.get", {}) });

export const useEngineCheck = (draft: EngineDraft) =>
  useQuery({
    queryKey: keys.engineCheck(draft),
    queryFn: () => call("engine.check", draft),
    placeholderData: keepPreviousData,
  });

export const useSearch = (query: string) =>
  useQuery({
    queryKey: keys.search(query),
    queryFn: () => call("search.run", { query, limit: SEARCH_LIMIT }),
    enabled: query !== "",
    placeholderData: keepPreviousData,
  });

/** Hits that are asked for at once. */
const FOUND_WINDOW = 50;

/** Everything on this device that a search finds, of which what is in sight is there. */
export const useFoundRows = (
  args: Omit<FindArgs, "offset" | "limit">,
  range: { from: number; to: number },
) => {
  const first = Math.floor(range.from / FOUND_WINDOW);
  const last = Math.max(first, Math.floor(range.to / FOUND_WINDOW));
  const windows = useQueries({
    queries: Array.from({ length: last - first + 1 }, (_, n) => {
      const window = { ...args, offset: (first + n) * FOUND_WINDOW, limit: FOUND_WINDOW };
      return {
        queryKey: keys.found(window),
        queryFn: () => call("search.find", window),
        enabled: args.query !== "",
        placeholderData: keepPreviousData,
        staleTime: 0,
      };
    }),
  });
  const [head] = windows;
  const page = head?.data;
  const rows: (SearchHit | undefined)[] = Array.from({ length: page?.total ?? 0 });
  for (const [n, { data }] of windows.entries())
    for (const [at, hit] of (data?.items ?? []).entries()) {
      const place = (first + n) * FOUND_WINDOW + at;
      if (place < rows.length) rows[place] = hit;
    }
  return {
    error: windows.find(({ error }) => error)?.error ?? null,
    data: page && {
      rows,
      total: page.total,
      counts: page.counts,
      isBehind: page.is_behind,
      /** Whether it is the answer to what is asked now, and not to what was asked before. */
      isCurrent: !head?.isPlaceholderData,
    },
  };
};

/** Where in a conversation something was said. */
export const usePlaces = (id: ConversationId, query: string) =>
  useQuery({
    queryKey: keys.places(id, query),
    queryFn: () => call("conversation.find", { conversation_id: id, query }),
    enabled: query !== "",
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

let settingsSent: Promise<unknown> = Promise.resolve();
let settingsLast = 0;

/** Changes some settings and keeps the rest. Shown at once; sent one after the other, so that none is lost. */
export const useChangeSettings = () => {
  const client = useQueryClient();
  return async (change: Partial<Settings>): Promise<void> => {
    const shown = client.getQueryData<Settings>(keys.settings);
    if (shown) client.setQueryData(keys.settings, { ...shown, ...change });
    settingsLast += 1;
    const turn = settingsLast;
    const send = async () => {
      const stored = await call("settings.get", {});
      const next = await call("settings.set", { ...stored, ...change });
      if (turn === settingsLast) client.setQueryData(keys.settings, next);
    };
    settingsSent = settingsSent.catch(() => undefined).then(send);
    try {
      await settingsSent;
    } catch (error) {
      await client.invalidateQueries({ queryKey: keys.settings });
      throw error;
    }
  };
};

import {
  keepPreviousData,
  type QueryFunctionContext,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { call } from "./call";
import type { ConversationId } from "./generated/ConversationId";
import type { EngineDraft } from "./generated/EngineDraft";
import type { FaqListArgs } from "./generated/FaqListArgs";
import type { InboxArgs } from "./generated/InboxArgs";
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

export const useInbox = (args: InboxArgs, enabled = true) =>
  useQuery({
    queryKey: keys.inbox(args),
    queryFn: () => call("inbox.list", args),
    enabled,
    placeholderData: keepPreviousData,
  });

export const useConversation = (id: ConversationId) =>
  useQuery({
    queryKey: keys.conversation(id),
    queryFn: () => call("conversation.get", { conversation_id: id }),
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

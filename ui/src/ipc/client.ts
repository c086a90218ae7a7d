import { QueryClient } from "@tanstack/react-query";
import { forgetAgent } from "@/lib/agent";
import type { AgentId } from "./generated/AgentId";
import type { SessionView } from "./generated/SessionView";
import { keys } from "./keys";

/** What is known of the installation, whoever sits at it. */
const NOBODYS: readonly unknown[] = [keys.session, keys.connection, keys.info, keys.settings].map(
  ([head]) => head,
);

/** The cache of one window. Nothing is polled and nothing goes stale by itself: events say what changed. */
export function makeClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 10 * 60_000,
        retry: false,
        networkMode: "always",
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  forgetsAgents(client);
  return client;
}

/** Drops what only an agent with an open store knows; it is read again. */
export function dropAgents(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => !NOBODYS.includes(queryKey[0]) });
}

/** Nothing of one agent is left when another one comes, before anything of theirs is painted. */
function forgetsAgents(client: QueryClient): void {
  let who: AgentId | null = null;
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== "updated" || query.queryKey[0] !== keys.session[0]) return;
    const session = client.getQueryData<SessionView>(keys.session);
    if (session?.phase !== "ready" || session.me.id === who) return;
    const isOther = who !== null;
    who = session.me.id;
    if (!isOther) return;
    forgetAgent();
    dropAgents(client);
  });
}

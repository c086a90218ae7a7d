import { useQueryClient } from "@tanstack/react-query";
import type { SessionView } from "@/ipc/generated/SessionView";
import { keys } from "@/ipc/keys";

/** The store is open: all that was asked while it was closed is asked again. */
export function useOpened(): (session: SessionView) => Promise<void> {
  const client = useQueryClient();
  return async (session) => {
    client.setQueryData(keys.session, session);
    await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
  };
}

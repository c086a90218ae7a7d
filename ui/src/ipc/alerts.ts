import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";
import { keys } from "./keys";

/** What the agent was told at this desk. */
export const useBell = () =>
  useQuery({ queryKey: keys.bell, queryFn: () => call("bell.list", {}) });

/** The agent has seen the bell up to a line. A failure leaves it as it was: it is seen next time. */
export const useSeeBell = () => {
  const client = useQueryClient();
  return async (upTo: number): Promise<void> => {
    try {
      client.setQueryData(keys.bell, await call("bell.seen", { up_to: upTo }));
    } catch {
      await client.invalidateQueries({ queryKey: keys.bell });
    }
  };
};

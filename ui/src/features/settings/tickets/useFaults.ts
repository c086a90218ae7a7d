import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "@/ipc/call";
import type { TicketType } from "@/ipc/generated/TicketType";
import type { TicketTypeFault } from "@/ipc/generated/TicketTypeFault";
import { keys } from "@/ipc/keys";
import { useDebounced } from "@/lib/useDebounced";

const STILL_MS = 200;

/** What is wrong with a type by the rules that the server has too. */
export const faultsOf = async (kind: TicketType): Promise<readonly TicketTypeFault[]> =>
  (await call("ticket_type.check", { kind })).faults;

/** The same while it is being written. */
export function useFaults(kind: TicketType, enabled: boolean): readonly TicketTypeFault[] {
  const still = useDebounced(kind, STILL_MS);
  const { data } = useQuery({
    queryKey: keys.ticketTypeCheck(still),
    queryFn: () => faultsOf(still),
    enabled,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  return enabled ? (data ?? []) : [];
}

import { useQuery } from "@tanstack/react-query";
import { call } from "./call";
import { keys } from "./keys";

/** Who is there changes by itself; it is looked at again this often while the list is open. */
const LOOK_AGAIN_MS = 15_000;

/** Accounts and groups, for an administrator: asked of the server whenever they are looked at. */
export const useMembers = () =>
  useQuery({
    queryKey: keys.members,
    queryFn: () => call("members.list", {}),
    staleTime: 0,
    refetchInterval: LOOK_AGAIN_MS,
  });

import { keepPreviousData, useQuery } from "@tanstack/react-query";
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

/** What goes on in the groups of a lead. */
export const useLive = (args: LiveArgs) =>
  useQuery({
    queryKey: keys.live(args),
    queryFn: () => call("live.list", args),
    placeholderData: keepPreviousData,
  });

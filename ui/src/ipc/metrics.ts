import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { GroupId } from "./generated/GroupId";
import type { MetricsBoardArgs } from "./generated/MetricsBoardArgs";
import type { MetricsPlace } from "./generated/MetricsPlace";
import type { MetricsRowsArgs } from "./generated/MetricsRowsArgs";
import { keys } from "./keys";

/** Rows that are asked for at once. */
const ROWS = 100;
/** How often it is asked what agents have, while somebody looks. */
const LOAD_EVERY_MS = 5_000;

/**
 * The numbers of a period, from what this desk has, with what was asked and how the asker calls it:
 * while others are under way, those before are shown as what they are.
 */
export const useMetricsBoard = <T>(args: MetricsBoardArgs, called: T) =>
  useQuery({
    queryKey: keys.metricsBoard(args),
    queryFn: async () => ({ board: await call("metrics.board", args), args, called }),
    placeholderData: keepPreviousData,
  });

/** The rows behind a number, from the server. */
export const useMetricsRows = (args: Omit<MetricsRowsArgs, "after" | "limit">) =>
  useInfiniteQuery({
    queryKey: keys.metricsRows(args),
    queryFn: ({ pageParam }) => call("metrics.rows", { ...args, after: pageParam, limit: ROWS }),
    initialPageParam: null as MetricsPlace | null,
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  });

/** What agents have now. Conversations change many times a second; a chart need not follow each. */
export const useAgentLoad = (group: GroupId | null, isShown: boolean) =>
  useQuery({
    queryKey: keys.agentLoad(group),
    queryFn: () => call("live.list", { part: "agents", agent: null, group, offset: 0, limit: 1 }),
    placeholderData: keepPreviousData,
    enabled: isShown,
    staleTime: LOAD_EVERY_MS,
    refetchInterval: LOAD_EVERY_MS,
  });

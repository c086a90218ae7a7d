import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";
import type { AlertPreviewArgs } from "./generated/AlertPreviewArgs";
import type { AlertScope } from "./generated/AlertScope";
import type { RuleDraft } from "./generated/RuleDraft";
import { keys } from "./keys";
import { useMe } from "./queries";

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

/** Most alerts that a list shows. */
const MOST_ALERTS = 200;

/** Alerts of this desk. */
export const useAlerts = (scope: AlertScope, enabled = true) =>
  useQuery({
    queryKey: keys.alerts(scope),
    queryFn: () => call("alert.list", { scope, limit: MOST_ALERTS }),
    enabled,
  });

/** The rules that alerts come from. */
export const useAlertRules = () =>
  useQuery({ queryKey: keys.alertRules, queryFn: () => call("alert.rules", {}) });

/** What is wrong with a rule that is being written. */
export const useRuleCheck = (draft: RuleDraft) =>
  useQuery({
    queryKey: keys.alertRuleCheck(draft),
    queryFn: () => call("alert.rule_check", draft),
    placeholderData: keepPreviousData,
  });

/** What it would have done; the server knows the past. */
export const usePreview = (args: AlertPreviewArgs, enabled: boolean) =>
  useQuery({
    queryKey: keys.alertPreview(args),
    queryFn: () => call("alert.rule_preview", args),
    enabled,
    placeholderData: keepPreviousData,
  });

/** How the agent wants to be told of alerts. */
export const useAlertPrefs = () =>
  useQuery({ queryKey: keys.alertPrefs, queryFn: () => call("alert.prefs", {}) });

/** Lines of the log of deliveries that the server answers with at most: of everybody, newest first. */
export const MOST_DELIVERIES = 200;

/** How often what is being sent is looked after, and how near it must be to being sent. */
const SOON_MS = 5_000;
const NEAR_MS = 60_000;

/** The ways out of the server, and what was sent: asked anew whenever it is looked at. */
export const useDelivery = () => {
  const me = useMe()?.id;
  // What is tried again in an hour is not waited for, nor what nothing sends any more.
  const isNear = (at: number | null) => at !== null && Math.abs(at - Date.now()) <= NEAR_MS;
  return useQuery({
    queryKey: keys.delivery,
    queryFn: () => call("delivery.get", {}),
    refetchOnMount: "always",
    // Who has asked for a report sees it go out.
    refetchInterval: ({ state: { data } }) =>
      data?.log.some(
        ({ is_report, agent, state, next_at }) =>
          is_report && agent === me && state === "pending" && isNear(next_at),
      )
        ? SOON_MS
        : false,
  });
};

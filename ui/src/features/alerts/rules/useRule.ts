import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRuleCheck } from "@/ipc/alerts";
import { call } from "@/ipc/call";
import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import { keys } from "@/ipc/keys";
import { useDebounced } from "@/lib/useDebounced";
import { useEdit } from "@/parts/useEdit";
import { useRoutes } from "@/routes";
import { newRule } from "./draft";

const CHECK_AFTER_MS = 250;

/** A rule while it is edited: what it says, what is wrong with it, and the ways to end. */
export function useRule(rule: AlertRuleView | undefined) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const editRule = useRoutes((routes) => routes.editRule);
  const edit = useEdit({
    known: rule,
    fresh: () => newRule(""),
    check: (draft) => call("alert.rule_check", draft),
    onWrong: (draft, check) => client.setQueryData(keys.alertRuleCheck(draft), check),
    save: ({ id, base, draft }) =>
      call("alert.rule_save", { id, base, draft: { ...draft, name: draft.name.trim() } }),
    remove: (rule_id) => call("alert.rule_remove", { rule_id }),
    saved: (name) => t("alerts.saved", { name }),
    removed: (name) => t("alerts.removed", { name }),
    stale: keys.alertRules,
    onEnd: () => editRule(null),
  });
  const settled = useDebounced(edit.draft, CHECK_AFTER_MS);
  const problems = useRuleCheck(settled).data?.problems ?? [];
  return {
    ...edit,
    problems,
    /** A name that is still to be written is no mistake yet. */
    shownProblems: edit.tried ? problems : problems.filter((problem) => problem !== "no_name"),
    cancel: () => editRule(null),
  };
}

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useRuleCheck } from "@/ipc/alerts";
import { call } from "@/ipc/call";
import type { AlertRuleView } from "@/ipc/generated/AlertRuleView";
import type { RuleDraft } from "@/ipc/generated/RuleDraft";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { useDebounced } from "@/lib/useDebounced";
import { uuidv7 } from "@/lib/uuid";
import { useRoutes } from "@/routes";
import { newRule } from "./draft";

const CHECK_AFTER_MS = 250;

/** A rule while it is edited: what it says, what is wrong with it, and the ways to end. */
export function useRule(rule: AlertRuleView | undefined) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const editRule = useRoutes((routes) => routes.editRule);
  const [id] = useState(() => rule?.id ?? uuidv7());
  const [base] = useState(rule?.edition ?? 0);
  const [first] = useState(() => rule?.draft ?? newRule(""));
  const [draft, setDraft] = useState<RuleDraft>(first);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const settled = useDebounced(draft, CHECK_AFTER_MS);
  const problems = useRuleCheck(settled).data?.problems ?? [];
  const isChanged = JSON.stringify(draft) !== JSON.stringify(first);
  const end = async (work: () => Promise<unknown>, said: string) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: keys.alertRules });
      toast("success", said);
      editRule(null);
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const save = async () => {
    setTried(true);
    // What is on the screen counts, not what was checked a moment ago.
    const check = await call("alert.rule_check", draft).catch(() => undefined);
    if (check && check.problems.length > 0) {
      client.setQueryData(keys.alertRuleCheck(draft), check);
      return;
    }
    await end(
      () => call("alert.rule_save", { id, base, draft: { ...draft, name: draft.name.trim() } }),
      t("alerts.saved", { name: draft.name.trim() }),
    );
  };
  return {
    draft,
    set: (change: Partial<RuleDraft>) => setDraft({ ...draft, ...change }),
    replace: setDraft,
    problems,
    /** A name that is still to be written is no mistake yet. */
    shownProblems: tried ? problems : problems.filter((problem) => problem !== "no_name"),
    isChanged,
    busy,
    save,
    remove: () =>
      end(
        () => call("alert.rule_remove", { rule_id: id }),
        t("alerts.removed", { name: draft.name }),
      ),
    cancel: () => editRule(null),
  };
}

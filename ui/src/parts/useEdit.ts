import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { toast } from "@/kit/Notice";
import { uuidv7 } from "@/lib/uuid";

type Known<T> = { id: string; edition: number; draft: T };
type Edit<T> = { id: string; base: number; draft: T };

type How<T, C> = {
  /** What is changed; none: it is new. */
  known: Known<T> | undefined;
  fresh: () => T;
  /** What is wrong with it. */
  check: (draft: T) => Promise<C>;
  /** Told of what was found wrong when it was to be kept. */
  onWrong?: (draft: T, check: C) => void;
  save: (edit: Edit<T>) => Promise<unknown>;
  remove?: (id: string) => Promise<unknown>;
  /** What is said once it is done. */
  saved: (name: string) => string;
  removed?: (name: string) => string;
  /** What is asked for again then. */
  stale: QueryKey;
  onEnd: (id: string) => void;
};

/** Something while it is written, over the edition that was seen when it was opened. */
export function useEdit<T extends { name: string }, C extends { problems: unknown[] }>(
  how: How<T, C>,
) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { known } = how;
  const [id] = useState(() => known?.id ?? uuidv7());
  const [base] = useState(known?.edition ?? 0);
  const [first] = useState(() => known?.draft ?? how.fresh());
  const [draft, setDraft] = useState<T>(first);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const name = draft.name.trim();
  const end = async (work: () => Promise<unknown>, said: string) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: how.stale });
      toast("success", said);
      how.onEnd(id);
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return {
    draft,
    set: (change: Partial<T>) => setDraft({ ...draft, ...change }),
    replace: setDraft,
    isChanged: known === undefined || JSON.stringify(draft) !== JSON.stringify(first),
    busy,
    /** Whether it was to be kept: from then on what is missing is a mistake. */
    tried,
    save: async () => {
      setTried(true);
      // What is on the screen counts, not what was checked a moment ago.
      const check = await how.check(draft).catch(() => undefined);
      if (check && check.problems.length > 0) {
        how.onWrong?.(draft, check);
        return;
      }
      await end(() => how.save({ id, base, draft }), how.saved(name));
    },
    remove: async () => {
      const { remove, removed } = how;
      if (remove && removed) await end(() => remove(id), removed(name));
    },
  };
}

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { toast } from "@/kit/Notice";
import { uuidv7 } from "@/lib/uuid";

type Known<T> = { id: string; edition: number; draft: T };

/** A form or a rule while it is written, over the edition that was seen when it was opened. */
export function useEdit<T>(known: Known<T> | undefined, fresh: () => T, onEnd: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [id] = useState(() => known?.id ?? uuidv7());
  const [base] = useState(known?.edition ?? 0);
  const [first] = useState(() => known?.draft ?? fresh());
  const [draft, setDraft] = useState<T>(first);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const isChanged = known === undefined || JSON.stringify(draft) !== JSON.stringify(first);
  const end = async (work: () => Promise<unknown>, said: string) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: ["quality"] });
      toast("success", said);
      onEnd();
    } catch (error) {
      toast("danger", errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return {
    id,
    base,
    draft,
    set: (change: Partial<T>) => setDraft({ ...draft, ...change }),
    isChanged,
    busy,
    /** Whether it was to be saved: from then on what is missing is a mistake. */
    tried,
    setTried,
    end,
  };
}

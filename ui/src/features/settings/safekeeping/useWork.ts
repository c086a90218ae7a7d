import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { Code } from "@/ipc/generated/Code";
import { RpcError } from "@/platform";

export type Failure = { code: Code; text: string };

/** Runs one piece of work at a time, and keeps what went wrong. */
export function useWork() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const run = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure({ code: RpcError.from(error).code, text: errorText(t, error) });
    }
    setBusy(false);
  };
  return { busy, failure, run };
}

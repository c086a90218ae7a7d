import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { BackupInfo } from "@/ipc/generated/BackupInfo";
import { keys } from "@/ipc/keys";
import { toast } from "@/kit/Notice";
import { isLongEnough } from "@/lib/passphrase";
import { RpcError } from "@/platform";

type Wrong = { path?: string; passphrase?: string; own?: string; form?: string };
type Options = {
  /** The backup, where it is chosen already. */
  path?: string;
  /** What the backup takes the place of: nothing, an open store with so much unsent, or a closed one. */
  replaces: "nothing" | "closed" | { unsent: number };
  /** The desk needs a passphrase of its own. */
  needsOwn?: boolean;
  onDone?: () => void;
};

/**
 * From a file and its passphrase to a desk made from it. What takes the place of something is looked
 * into first, and asked about.
 */
export function useRestore({ path: given, replaces, needsOwn: needs = false, onDone }: Options) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [path, setPath] = useState(given ?? "");
  const [passphrase, setPassphrase] = useState("");
  const [own, setOwn] = useState("");
  const [needsOwn, setNeedsOwn] = useState(needs);
  const [found, setFound] = useState<BackupInfo>();
  const [isMore, setMore] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});

  const back = () => {
    setFound(undefined);
    setWrong({});
  };
  const fail = (error: unknown) => {
    const text = errorText(t, error);
    switch (RpcError.from(error).code) {
      case "not_found":
      case "bad_backup":
        setFound(undefined);
        return setWrong({ path: text });
      case "wrong_passphrase":
        setFound(undefined);
        return setWrong({ passphrase: t("safe.wrongBackup") });
      case "needs_passphrase":
        setNeedsOwn(true);
        return setWrong({ own: text });
      case "unsent":
        // It was written after the question was asked: the question is asked again.
        setMore(true);
        void client.invalidateQueries({ queryKey: keys.connection });
        // Without a question there is nowhere else to say it.
        return setWrong(replaces === "nothing" ? { form: text } : {});
      default:
        return setWrong({ form: text });
    }
  };
  const missing = (): Wrong => ({
    ...(path.trim() === "" && { path: t("safe.needPath") }),
    ...(passphrase === "" && { passphrase: t("login.needPassphrase") }),
    ...(needsOwn && !isLongEnough(own) && { own: t("login.passphraseShort") }),
  });
  const restore = async () => {
    const discard_unsent =
      isMore || replaces === "closed" || (replaces !== "nothing" && replaces.unsent > 0);
    const args = { path: path.trim(), passphrase, own: needsOwn ? own : null, discard_unsent };
    const { session, former } = await call("backup.restore", args);
    client.setQueryData(keys.session, session);
    await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    if (former !== null) toast("success", t("safe.restored", { path: former }));
    onDone?.();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const lacks = missing();
    setWrong(lacks);
    if (Object.keys(lacks).length > 0) return;
    setBusy(true);
    try {
      if (replaces === "nothing" || found) await restore();
      else setFound(await call("backup.inspect", { path: path.trim(), passphrase }));
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  };
  return {
    asksPath: given === undefined,
    replaces,
    path,
    setPath,
    passphrase,
    setPassphrase,
    own,
    setOwn,
    needsOwn,
    found,
    isMore,
    busy,
    wrong,
    submit: (event: FormEvent) => void submit(event),
    back,
  };
}

export type Restoring = ReturnType<typeof useRestore>;

import { type FC, type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { Button, LinkButton } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { Notice } from "@/kit/Notice";
import { isLongEnough } from "@/lib/passphrase";
import { RpcError } from "@/platform";
import { Frame } from "./Frame";
import css from "./Login.module.css";
import { TryKeychain } from "./TryKeychain";
import { useOpened } from "./useOpened";

type Props = {
  /** Which server has the share, as shown. */
  server: string;
  /** What does not open the store any more. */
  forgotten: "keychain" | "passphrase";
  onBack: (() => void) | undefined;
  onRestore: () => void;
};
type Wrong = {
  username?: string;
  password?: string;
  next?: string;
  again?: string;
  form?: string;
};

/** Keychain or passphrase are lost: the server gives its share for the account's password. */
export const UnlockByAccount: FC<Props> = ({ server, forgotten, onBack, onRestore }) => {
  const { t } = useTranslation();
  const opened = useOpened();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(wrong).length > 0)
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [wrong]);

  const check = (): Wrong => {
    const short = next !== "" && !isLongEnough(next);
    // A forgotten passphrase would stay the one that is asked for.
    const needsNext = forgotten === "passphrase" && next === "";
    return {
      ...(username.trim() === "" && { username: t("login.needAccount") }),
      ...(password === "" && { password: t("login.needPassword") }),
      ...(needsNext && { next: t("login.needNewPassphrase") }),
      ...(short && { next: t("login.passphraseShort") }),
      ...(!short && next !== "" && next !== again && { again: t("safe.differs") }),
    };
  };
  const fail = (error: unknown) => {
    switch (RpcError.from(error).code) {
      case "wrong_password":
        return setWrong({ password: t("login.accountRefused") });
      case "needs_passphrase":
        return setWrong({ next: t("login.needNewPassphrase") });
      case "offline":
        return setWrong({ form: t("login.needsOnline", { server }) });
      case "illegal_state":
        return setWrong({ form: t("login.keyUnsettled") });
      default:
        return setWrong({ form: errorText(t, error) });
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = check();
    setWrong(found);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const new_passphrase = next === "" ? null : next;
      const args = { username: username.trim(), password, new_passphrase };
      await opened(await call("session.unlock_by_server", args));
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  };
  return (
    <Frame>
      <form
        ref={form}
        className={css.form}
        aria-label={t("login.byAccountTitle")}
        onSubmit={(event) => void submit(event)}
        noValidate
        data-testid="unlock-account"
      >
        <h1>{t("login.byAccountTitle")}</h1>
        <p className="soft">
          {t(forgotten === "keychain" ? "login.byAccountKeychain" : "login.byAccountPassphrase", {
            server,
          })}
        </p>
        <Field
          label={t("login.accountLabel")}
          large
          autoFocus
          value={username}
          error={wrong.username}
          autoComplete="username"
          spellCheck={false}
          autoCapitalize="none"
          onChange={(event) => setUsername(event.currentTarget.value)}
          data-testid="unlock-username"
        />
        <Field
          label={t("login.password")}
          large
          type="password"
          value={password}
          error={wrong.password}
          autoComplete="current-password"
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-testid="unlock-password"
        />
        <Field
          label={t(forgotten === "keychain" ? "login.newPassphrase" : "login.newPassphraseNeeded")}
          large
          type="password"
          value={next}
          hint={t(
            forgotten === "keychain" ? "login.newPassphraseToo" : "login.newPassphraseInstead",
          )}
          error={wrong.next}
          autoComplete="new-password"
          onChange={(event) => setNext(event.currentTarget.value)}
          data-testid="unlock-new"
        />
        {next !== "" && (
          <Field
            label={t("safe.again")}
            large
            type="password"
            value={again}
            error={wrong.again}
            autoComplete="new-password"
            onChange={(event) => setAgain(event.currentTarget.value)}
            data-testid="unlock-again"
          />
        )}
        {wrong.form && (
          <Notice tone="danger" testId="unlock-error">
            {wrong.form}
          </Notice>
        )}
        <Button
          type="submit"
          look="primary"
          size="lg"
          block
          busy={busy}
          data-testid="unlock-account-submit"
        >
          {t(busy ? "login.unlocking" : "login.unlock")}
        </Button>
        {forgotten === "keychain" && <TryKeychain disabled={busy} />}
        {onBack && (
          <LinkButton onClick={onBack} disabled={busy} data-testid="unlock-by-passphrase">
            {t("login.byPassphrase")}
          </LinkButton>
        )}
        <LinkButton onClick={onRestore} disabled={busy} data-testid="unlock-restore">
          {t("safe.restoreLocked")}
        </LinkButton>
      </form>
    </Frame>
  );
};

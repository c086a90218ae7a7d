import { useQueryClient } from "@tanstack/react-query";
import { type FC, type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { SessionView } from "@/ipc/generated/SessionView";
import { keys } from "@/ipc/keys";
import { useConnection } from "@/ipc/queries";
import { Button, LinkButton } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { Icon } from "@/kit/Icon";
import { Notice } from "@/kit/Notice";
import { isLongEnough } from "@/lib/passphrase";
import { RpcError } from "@/platform";
import { shownServer } from "./enrolment";
import { Frame } from "./Frame";
import css from "./Login.module.css";
import { Restore } from "./Restore";
import { Step } from "./Step";

type Props = { session: Extract<SessionView, { phase: "fresh" | "signed_out" }> };
type Wrong = {
  server?: string;
  username?: string;
  password?: string;
  passphrase?: string;
  form?: string;
};

/** Server, account and this computer as one path. After a sign-out only the password is asked for. */
export const Login: FC<Props> = ({ session }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const again = session.phase === "signed_out";
  const connection = useConnection();
  const isEnded = again && connection.data?.account_ended === true;
  const [server, setServer] = useState(again ? session.server : "");
  const [username, setUsername] = useState(again ? session.account : "");
  const [password, setPassword] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [needsPassphrase, setNeedsPassphrase] = useState(
    session.phase === "fresh" && !session.keychain,
  );
  const [atServer, setAtServer] = useState(!again);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const [restores, setRestores] = useState(false);

  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(wrong).length > 0)
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [wrong]);

  const check = (): Wrong => {
    if (server.trim() === "") return { server: t("login.needServer") };
    if (atServer) return {};
    return {
      ...(username.trim() === "" && { username: t("login.needAccount") }),
      ...(password === "" && { password: t("login.needPassword") }),
      ...(needsPassphrase &&
        !isLongEnough(passphrase) && {
          passphrase: t("login.passphraseShort"),
        }),
    };
  };
  const fail = (error: unknown) => {
    const text = errorText(t, error);
    switch (RpcError.from(error).code) {
      case "bad_request":
        setAtServer(true);
        return setWrong({ server: t("login.badServer") });
      case "wrong_password":
        return setWrong({ password: isEnded ? t("login.accountRefused") : text });
      case "wrong_passphrase":
        return setWrong({ passphrase: text });
      case "needs_passphrase":
        setNeedsPassphrase(true);
        return setWrong({ passphrase: text });
      default:
        return setWrong({ form: text });
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = check();
    setWrong(found);
    if (busy || Object.keys(found).length > 0) return;
    if (atServer) return setAtServer(false);
    setBusy(true);
    try {
      const args = {
        server: server.trim(),
        username: username.trim(),
        password,
        passphrase: needsPassphrase ? passphrase : null,
      };
      client.setQueryData(keys.session, await call("session.login", args));
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  };

  if (restores && session.phase === "fresh")
    return (
      <Restore replaces="nothing" keychain={session.keychain} onBack={() => setRestores(false)} />
    );
  const { host, byCode } = shownServer(server);
  const account = atServer ? "next" : "now";
  return (
    <Frame>
      <form
        ref={form}
        className={css.form}
        aria-label={t("login.form")}
        onSubmit={(event) => void submit(event)}
        noValidate
        data-testid="login"
      >
        <h1>{t(again ? "login.again" : "login.title")}</h1>
        {again && !isEnded && <p className="soft">{t("login.againText")}</p>}
        {isEnded && (
          <Notice tone="warning" testId="account-ended">
            {t("login.accountEnded")}
          </Notice>
        )}
        <ol>
          <Step
            n={1}
            state={atServer ? "now" : "done"}
            title={t("login.server")}
            change={{ label: t("login.change"), run: () => setAtServer(true) }}
          >
            {atServer ? (
              <Field
                label={t("login.serverLabel")}
                large
                autoFocus
                value={server}
                placeholder={t("login.serverPlaceholder")}
                hint={t("login.serverHint")}
                error={wrong.server}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setServer(event.currentTarget.value)}
                data-testid="login-server"
              />
            ) : (
              <div>
                <p className="soft">{host}</p>
                {byCode && <p className="small muted">{t("login.byCode")}</p>}
              </div>
            )}
          </Step>
          <Step n={2} state={account} title={t("login.account")}>
            {!atServer && (
              <>
                {again ? (
                  <p className="soft">{session.account}</p>
                ) : (
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
                    data-testid="login-username"
                  />
                )}
                <Field
                  label={t("login.password")}
                  large
                  autoFocus={again}
                  type="password"
                  value={password}
                  error={wrong.password}
                  autoComplete="current-password"
                  onChange={(event) => setPassword(event.currentTarget.value)}
                  data-testid="login-password"
                />
              </>
            )}
          </Step>
          {!again && (
            <Step
              n={3}
              state={!atServer && needsPassphrase ? "now" : "next"}
              title={t("login.device")}
            >
              <p className="small hstack">
                <Icon name={needsPassphrase ? "lock" : "device"} size={14} />
                {t(needsPassphrase ? "login.devicePassphrase" : "login.deviceKeychain")}
              </p>
              {!atServer && needsPassphrase && (
                <Field
                  label={t("login.passphrase")}
                  large
                  type="password"
                  value={passphrase}
                  hint={t("login.passphraseHint")}
                  error={wrong.passphrase}
                  autoComplete="new-password"
                  onChange={(event) => setPassphrase(event.currentTarget.value)}
                  data-testid="login-passphrase"
                />
              )}
            </Step>
          )}
        </ol>
        {wrong.form && (
          <Notice tone="danger" testId="login-error">
            {wrong.form}
          </Notice>
        )}
        <Button type="submit" look="primary" size="lg" block busy={busy} data-testid="login-submit">
          {busy ? t("login.busy") : t(atServer ? "login.next" : "login.submit")}
        </Button>
        {!again && atServer && (
          <LinkButton onClick={() => setRestores(true)} data-testid="login-restore">
            {t("safe.restoreInstead")}
          </LinkButton>
        )}
      </form>
    </Frame>
  );
};

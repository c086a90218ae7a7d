import { useQueryClient } from "@tanstack/react-query";
import { type FC, type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { Notice } from "@/kit/Notice";
import { RpcError } from "@/platform";
import { Frame } from "./Frame";
import css from "./Login.module.css";

const PASSPHRASE_MIN = 8;

type Props = { keychain: boolean; onBack: () => void };
type Wrong = { path?: string; passphrase?: string; own?: string; form?: string };

/** A fresh desk from a backup. The agent signs in next, and what was not sent goes out then. */
export const Restore: FC<Props> = ({ keychain, onBack }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [path, setPath] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [own, setOwn] = useState("");
  const [needsOwn, setNeedsOwn] = useState(!keychain);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const fail = (error: unknown) => {
    const text = errorText(t, error);
    switch (RpcError.from(error).code) {
      case "not_found":
      case "bad_backup":
        return setWrong({ path: text });
      case "wrong_passphrase":
        return setWrong({ passphrase: t("safe.wrongBackup") });
      case "needs_passphrase":
        setNeedsOwn(true);
        return setWrong({ own: text });
      default:
        return setWrong({ form: text });
    }
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: Wrong = {
      ...(path.trim() === "" && { path: t("safe.needPath") }),
      ...(passphrase === "" && { passphrase: t("login.needPassphrase") }),
      ...(needsOwn &&
        Array.from(own).length < PASSPHRASE_MIN && { own: t("login.passphraseShort") }),
    };
    setWrong(found);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      const args = { path: path.trim(), passphrase, own: needsOwn ? own : null };
      client.setQueryData(keys.session, await call("backup.restore", args));
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  };
  return (
    <Frame>
      <form
        className={css.form}
        aria-label={t("safe.restoreTitle")}
        onSubmit={(event) => void submit(event)}
        noValidate
        data-testid="restore"
      >
        <h1>{t("safe.restoreTitle")}</h1>
        <p className="soft">{t("safe.restoreText")}</p>
        <Field
          label={t("safe.path")}
          large
          autoFocus
          value={path}
          placeholder={t("safe.pathPlaceholder")}
          error={wrong.path}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setPath(event.currentTarget.value)}
          data-testid="restore-path"
        />
        <Field
          label={t("safe.backupPassphrase")}
          large
          type="password"
          value={passphrase}
          error={wrong.passphrase}
          autoComplete="off"
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          data-testid="restore-passphrase"
        />
        {needsOwn && (
          <Field
            label={t("login.passphrase")}
            large
            type="password"
            value={own}
            hint={t("login.passphraseHint")}
            error={wrong.own}
            autoComplete="new-password"
            onChange={(event) => setOwn(event.currentTarget.value)}
            data-testid="restore-own"
          />
        )}
        {wrong.form && <Notice tone="danger">{wrong.form}</Notice>}
        <Button
          type="submit"
          look="primary"
          size="lg"
          block
          busy={busy}
          data-testid="restore-submit"
        >
          {t(busy ? "safe.restoring" : "safe.restoreNow")}
        </Button>
        <Button block onClick={onBack} disabled={busy}>
          {t("safe.back")}
        </Button>
      </form>
    </Frame>
  );
};

import { type FC, type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { Button, LinkButton } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { Frame } from "./Frame";
import css from "./Login.module.css";
import { useOpened } from "./useOpened";

type Props = {
  account: string;
  /** Where the account opens it as well. */
  onAccount: (() => void) | undefined;
  onRestore: () => void;
};

/** The passphrase opens the store. */
export const UnlockByPassphrase: FC<Props> = ({ account, onAccount, onRestore }) => {
  const { t } = useTranslation();
  const opened = useOpened();
  const [passphrase, setPassphrase] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (passphrase === "") return setWrong(t("login.needPassphrase"));
    setBusy(true);
    try {
      await opened(await call("session.unlock", { passphrase }));
    } catch (error) {
      setWrong(errorText(t, error));
    }
    setBusy(false);
  };
  return (
    <Frame>
      <form
        className={css.form}
        aria-label={t("login.unlockTitle")}
        onSubmit={(event) => void submit(event)}
        noValidate
        data-testid="unlock"
      >
        <h1>{t("login.unlockTitle")}</h1>
        <p className="soft">
          {account === "" ? t("login.unlockTextNobody") : t("login.unlockText", { account })}
        </p>
        <Field
          label={t("login.passphrase")}
          large
          autoFocus
          type="password"
          value={passphrase}
          error={wrong}
          autoComplete="current-password"
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          data-testid="unlock-passphrase"
        />
        <Button
          type="submit"
          look="primary"
          size="lg"
          block
          busy={busy}
          data-testid="unlock-submit"
        >
          {t(busy ? "login.unlocking" : "login.unlock")}
        </Button>
        {onAccount && (
          <LinkButton onClick={onAccount} disabled={busy} data-testid="unlock-by-account">
            {t("login.byAccount")}
          </LinkButton>
        )}
        <LinkButton onClick={onRestore} disabled={busy} data-testid="unlock-restore">
          {t("safe.restoreLocked")}
        </LinkButton>
      </form>
    </Frame>
  );
};

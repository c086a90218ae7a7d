import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SessionView } from "@/ipc/generated/SessionView";
import { Notice } from "@/kit/Notice";
import { Frame } from "./Frame";
import css from "./Login.module.css";
import { UnlockByAccount } from "./UnlockByAccount";
import { UnlockByPassphrase } from "./UnlockByPassphrase";

type Props = { session: Extract<SessionView, { phase: "locked" }> };

/** The store is closed: its passphrase opens it, or the account where the server has a share. */
export const Unlock: FC<Props> = ({ session }) => {
  const { t } = useTranslation();
  const { by_passphrase, by_server } = session;
  const [byAccount, setByAccount] = useState(!by_passphrase);
  if (by_server !== null && byAccount)
    return (
      <UnlockByAccount
        server={by_server}
        forgotten={by_passphrase ? "passphrase" : "keychain"}
        onBack={by_passphrase ? () => setByAccount(false) : undefined}
      />
    );
  if (by_passphrase)
    return (
      <UnlockByPassphrase
        account={session.account}
        onAccount={by_server === null ? undefined : () => setByAccount(true)}
      />
    );
  return (
    <Frame>
      <div className={css.form} data-testid="unlock-none">
        <h1>{t("login.unlockTitle")}</h1>
        <Notice tone="warning">{t("login.unlockNoWay")}</Notice>
      </div>
    </Frame>
  );
};

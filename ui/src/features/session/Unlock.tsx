import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SessionView } from "@/ipc/generated/SessionView";
import { LinkButton } from "@/kit/Button";
import { Frame } from "./Frame";
import css from "./Login.module.css";
import { Restore } from "./Restore";
import { TryKeychain } from "./TryKeychain";
import { UnlockByAccount } from "./UnlockByAccount";
import { UnlockByPassphrase } from "./UnlockByPassphrase";

type Props = { session: Extract<SessionView, { phase: "locked" }> };

/** The store is closed: its passphrase opens it, or the account where the server has a share. */
export const Unlock: FC<Props> = ({ session }) => {
  const { t } = useTranslation();
  const { by_passphrase, by_server } = session;
  const [byAccount, setByAccount] = useState(!by_passphrase);
  const [restores, setRestores] = useState(false);
  const onRestore = () => setRestores(true);
  // Whether this computer needs a passphrase of its own shows when the restoring says so.
  if (restores) return <Restore replaces="closed" keychain onBack={() => setRestores(false)} />;
  if (by_server !== null && byAccount)
    return (
      <UnlockByAccount
        server={by_server}
        forgotten={by_passphrase ? "passphrase" : "keychain"}
        onBack={by_passphrase ? () => setByAccount(false) : undefined}
        onRestore={onRestore}
      />
    );
  if (by_passphrase)
    return (
      <UnlockByPassphrase
        account={session.account}
        onAccount={by_server === null ? undefined : () => setByAccount(true)}
        onRestore={onRestore}
      />
    );
  return (
    <Frame>
      <div className={css.form} data-testid="unlock-none">
        <h1>{t("login.unlockTitle")}</h1>
        <TryKeychain />
        <LinkButton onClick={onRestore} data-testid="unlock-restore">
          {t("safe.restoreLocked")}
        </LinkButton>
      </div>
    </Frame>
  );
};

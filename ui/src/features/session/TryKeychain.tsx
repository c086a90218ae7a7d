import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { Button } from "@/kit/Button";
import { Notice } from "@/kit/Notice";
import { RpcError } from "@/platform";
import { useOpened } from "./useOpened";

/** The keychain may only have been closed when the program started: it is tried again when asked. */
export const TryKeychain: FC<{ disabled?: boolean }> = ({ disabled = false }) => {
  const { t } = useTranslation();
  const opened = useOpened();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const run = async () => {
    setBusy(true);
    setWrong(undefined);
    try {
      await opened(await call("session.unlock", { passphrase: null }));
    } catch (error) {
      const isClosed = RpcError.from(error).code === "locked";
      setWrong(isClosed ? t("login.keychainStill") : errorText(t, error));
    }
    setBusy(false);
  };
  return (
    <>
      <Notice tone="warning" testId="unlock-closed">
        {t("login.unlockNoWay")}
      </Notice>
      {wrong !== undefined && (
        <Notice tone="danger" testId="keychain-error">
          {wrong}
        </Notice>
      )}
      <Button
        size="lg"
        block
        busy={busy}
        disabled={disabled || busy}
        onClick={() => void run()}
        data-testid="unlock-keychain"
      >
        {t("login.tryKeychain")}
      </Button>
    </>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/Button";
import { RestoreBody } from "@/parts/Restore";
import { useRestore } from "@/parts/useRestore";
import { Frame } from "./Frame";
import css from "./Login.module.css";

type Props = {
  /** Nothing is here yet, or a store that nobody can open. */
  replaces: "nothing" | "closed";
  keychain: boolean;
  onBack: () => void;
};

/** A desk from a backup. The agent signs in next, and what was not sent goes out then. */
export const Restore: FC<Props> = ({ replaces, keychain, onBack }) => {
  const { t } = useTranslation();
  const restoring = useRestore({ replaces, needsOwn: !keychain });
  const { busy, found } = restoring;
  const isLast = replaces === "nothing" || found !== undefined;
  const label = isLast ? "safe.restoreNow" : "safe.restoreNext";
  const doing = isLast ? "safe.restoring" : "safe.checkingBackup";
  return (
    <Frame>
      <form
        className={css.form}
        aria-label={t("safe.restoreTitle")}
        onSubmit={restoring.submit}
        noValidate
        data-testid="restore"
      >
        <h1>{t("safe.restoreTitle")}</h1>
        <p className="soft">{t("safe.restoreText")}</p>
        <RestoreBody restoring={restoring} large />
        <Button
          type="submit"
          look={found ? "danger" : "primary"}
          size="lg"
          block
          busy={busy}
          data-testid="restore-submit"
        >
          {t(busy ? doing : label)}
        </Button>
        <Button
          key={found ? "back" : "leave"}
          block
          autoFocus={found !== undefined}
          onClick={found ? restoring.back : onBack}
          disabled={busy}
          data-testid="restore-back"
        >
          {t(replaces === "nothing" ? "safe.back" : "safe.backStep")}
        </Button>
      </form>
    </Frame>
  );
};

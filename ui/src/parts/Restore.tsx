import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { BackupInfo } from "@/ipc/generated/BackupInfo";
import { Field } from "@/kit/Field";
import { Notice } from "@/kit/Notice";
import { size } from "@/lib/size";
import { dateText, timeOfDay } from "@/lib/time";
import css from "./Restore.module.css";
import type { Restoring } from "./useRestore";

type Props = { restoring: Restoring; large?: boolean };

/** What a restoring asks for, then what it would do, and what went wrong. */
export const RestoreBody: FC<Props> = ({ restoring, large = false }) => {
  const { t } = useTranslation();
  const { found, wrong, busy } = restoring;
  return (
    <>
      {found ? (
        <Question restoring={restoring} found={found} />
      ) : (
        <FromFile restoring={restoring} large={large} />
      )}
      {restoring.needsOwn && (
        <Field
          label={t("login.passphrase")}
          large={large}
          type="password"
          value={restoring.own}
          hint={t("login.passphraseHint")}
          error={wrong.own}
          disabled={busy}
          autoComplete="new-password"
          onChange={(event) => restoring.setOwn(event.currentTarget.value)}
          data-testid="restore-own"
        />
      )}
      {wrong.form && <Notice tone="danger">{wrong.form}</Notice>}
    </>
  );
};

const FromFile: FC<Required<Props>> = ({ restoring, large }) => {
  const { t } = useTranslation();
  const { asksPath, wrong, busy } = restoring;
  return (
    <>
      {asksPath && (
        <Field
          label={t("safe.path")}
          large={large}
          autoFocus
          value={restoring.path}
          placeholder={t("safe.pathPlaceholder")}
          error={wrong.path}
          disabled={busy}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => restoring.setPath(event.currentTarget.value)}
          data-testid="restore-path"
        />
      )}
      <Field
        label={t("safe.backupPassphrase")}
        large={large}
        autoFocus={!asksPath}
        type="password"
        value={restoring.passphrase}
        error={wrong.passphrase}
        disabled={busy}
        autoComplete="off"
        onChange={(event) => restoring.setPassphrase(event.currentTarget.value)}
        data-testid="restore-passphrase"
      />
      {!asksPath && wrong.path && <Notice tone="danger">{wrong.path}</Notice>}
    </>
  );
};

/** What the backup holds, and what becomes of what is here. */
const Question: FC<{ restoring: Restoring; found: BackupInfo }> = ({ restoring, found }) => {
  const { t, i18n } = useTranslation();
  const { replaces, isMore } = restoring;
  const made = `${dateText(found.made_at, Date.now(), i18n.language)} ${timeOfDay(found.made_at)}`;
  const unsent = typeof replaces === "object" ? replaces.unsent : 0;
  return (
    <>
      <dl className={css.facts} data-testid="restore-found">
        <dt>{t("safe.holds.made")}</dt>
        <dd className="num">{made}</dd>
        <dt>{t("safe.holds.size")}</dt>
        <dd className="num">{size(found.n_bytes)}</dd>
        <dt>{t("safe.holds.account")}</dt>
        <dd>{found.account || t("safe.holds.nobody")}</dd>
        <dt>{t("safe.holds.unsent")}</dt>
        <dd>{t("safe.holds.unsentText", { n: found.n_unsent })}</dd>
      </dl>
      {found.is_foreign && (
        <Notice tone="warning" testId="restore-foreign">
          {t("safe.foreign", { account: found.account })}
        </Notice>
      )}
      <Notice tone="info">{t("safe.replaces")}</Notice>
      {unsent > 0 && (
        <Notice tone="danger" testId="restore-loses">
          {t("safe.losesUnsent", { n: unsent })}
        </Notice>
      )}
      {unsent === 0 && isMore && (
        <Notice tone="danger" testId="restore-loses">
          {t("error.unsent")}
        </Notice>
      )}
      {replaces === "closed" && (
        <Notice tone="danger" testId="restore-loses">
          {t("safe.losesUnknown")}
        </Notice>
      )}
    </>
  );
};

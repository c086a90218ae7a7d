import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import type { BackupInfo } from "@/ipc/generated/BackupInfo";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Field } from "@/kit/Field";
import { Notice } from "@/kit/Notice";
import css from "./Safekeeping.module.css";
import { useMoment } from "./useMoment";
import { useWork } from "./useWork";

type Props = { path: string; onClose: () => void };

/** Reads a backup to its end and says what is in it. */
export const CheckDialog: FC<Props> = ({ path, onClose }) => {
  const { t } = useTranslation();
  const moment = useMoment();
  const form = useId();
  const { busy, failure, run } = useWork();
  const [passphrase, setPassphrase] = useState("");
  const [found, setFound] = useState<BackupInfo>();
  const wrong = failure?.code === "wrong_passphrase" ? t("safe.wrongBackup") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => setFound(await call("backup.inspect", { path, passphrase })));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("safe.checkTitle")}
      text={path}
      testId="check-dialog"
      foot={
        <>
          <Button onClick={onClose}>{t("app.close")}</Button>
          <Button type="submit" form={form} look="primary" busy={busy}>
            {t("safe.check")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        <Field
          label={t("safe.backupPassphrase")}
          type="password"
          autoComplete="off"
          value={passphrase}
          error={wrong}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          data-testid="check-passphrase"
        />
        {found && (
          <Notice tone="success" testId="check-found">
            {t("safe.found", {
              time: moment(found.made_at),
              account: found.account,
              n: found.n_unsent,
            })}
          </Notice>
        )}
        {failure && !wrong && <Notice tone="danger">{failure.text}</Notice>}
      </form>
    </Dialog>
  );
};

import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Field } from "@/kit/Field";
import { Notice, toast } from "@/kit/Notice";
import { size } from "@/lib/size";
import { NewPassphrase } from "./NewPassphrase";
import css from "./Safekeeping.module.css";
import { useNewPassphrase } from "./useNewPassphrase";
import { useWork } from "./useWork";

type Props = { folder: string; onClose: () => void };

/** Makes a backup; the desk goes on meanwhile. */
export const BackupDialog: FC<Props> = ({ folder, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, failure, run } = useWork();
  const [place, setPlace] = useState(folder);
  const chosen = useNewPassphrase();
  const wrongPlace = failure?.code === "bad_request" ? t("safe.fullPath") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!chosen.check()) return;
    void run(async () => {
      const args = { folder: place.trim() || null, passphrase: chosen.text };
      const made = await call("backup.make", args);
      toast("success", t("safe.backupMade", { size: size(made.n_bytes), name: made.name }));
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={() => !busy && onClose()}
      title={t("safe.makeBackup")}
      text={t("safe.makeBackupText")}
      testId="backup-dialog"
      foot={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t("app.cancel")}
          </Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={busy}
            data-testid="make-backup-submit"
          >
            {t(busy ? "safe.makingBackup" : "safe.makeBackupNow")}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={submit} noValidate>
        <NewPassphrase
          chosen={chosen}
          label={t("safe.backupPassphrase")}
          hint={t("safe.backupPassphraseHint")}
          testId="backup-passphrase"
          againTestId="backup-again"
        />
        <Field
          label={t("safe.folder")}
          value={place}
          spellCheck={false}
          hint={t("safe.folderHint")}
          error={wrongPlace}
          onChange={(event) => setPlace(event.currentTarget.value)}
          data-testid="backup-folder"
        />
        {failure && !wrongPlace && <Notice tone="danger">{failure.text}</Notice>}
      </form>
    </Dialog>
  );
};

import { type FC, type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/ipc/call";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Field } from "@/kit/Field";
import { Notice, toast } from "@/kit/Notice";
import { isLongEnough } from "@/lib/passphrase";
import { size } from "@/lib/size";
import css from "./Safekeeping.module.css";
import { useWork } from "./useWork";

type Props = { folder: string; onClose: () => void };

/** Makes a backup; the desk goes on meanwhile. */
export const BackupDialog: FC<Props> = ({ folder, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { busy, failure, run } = useWork();
  const [place, setPlace] = useState(folder);
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const short = tried && !isLongEnough(passphrase);
  const differs = tried && !short && again !== passphrase;
  const wrongPlace = failure?.code === "bad_request" ? t("safe.fullPath") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isLongEnough(passphrase) || again !== passphrase) return;
    void run(async () => {
      const made = await call("backup.make", { folder: place.trim() || null, passphrase });
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
        <Field
          label={t("safe.backupPassphrase")}
          type="password"
          autoComplete="new-password"
          value={passphrase}
          hint={t("safe.backupPassphraseHint")}
          error={short ? t("safe.long") : undefined}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          data-testid="backup-passphrase"
        />
        <Field
          label={t("safe.again")}
          type="password"
          autoComplete="new-password"
          value={again}
          error={differs ? t("safe.differs") : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
          data-testid="backup-again"
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

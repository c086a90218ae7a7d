import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBackups } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { size } from "@/lib/size";
import { Line, Section } from "../Lines";
import { BackupDialog } from "./BackupDialog";
import { CheckDialog } from "./CheckDialog";
import { RestoreDialog } from "./RestoreDialog";
import css from "./Safekeeping.module.css";
import { useMoment } from "./useMoment";

/** Files shown; older ones lie in the folder all the same. */
const SHOWN = 5;

/** Copies of the local store that a passphrase opens. */
export const Backup: FC = () => {
  const { t } = useTranslation();
  const moment = useMoment();
  const { data: backups } = useBackups();
  const [makes, setMakes] = useState(false);
  const [checks, setChecks] = useState<string | null>(null);
  /** The backup that is to be restored; one that is yet to be named has no path. */
  const [restores, setRestores] = useState<{ path?: string } | null>(null);
  if (!backups) return null;
  const last = backups.made_at;
  return (
    <Section title={t("safe.backup")}>
      <Line
        label={last === null ? t("safe.neverMade") : t("safe.lastMade", { time: moment(last) })}
        hint={t("safe.backupHint")}
      >
        <Button icon="device" onClick={() => setMakes(true)} data-testid="make-backup">
          {t("safe.makeBackup")}
        </Button>
      </Line>
      {backups.files.slice(0, SHOWN).map((file) => (
        <Line
          key={file.path}
          label={moment(file.written_at)}
          hint={t("safe.fileOf", { size: size(file.n_bytes), name: file.name })}
        >
          <Button
            size="sm"
            className={css.file}
            onClick={() => setChecks(file.path)}
            data-testid="check-backup"
          >
            {t("safe.check")}
          </Button>
          <Button
            size="sm"
            className={css.file}
            onClick={() => setRestores({ path: file.path })}
            data-testid="restore-backup"
          >
            {t("safe.restoreThis")}
          </Button>
        </Line>
      ))}
      <Line label={t("safe.restore")} hint={t("safe.restoreHint")}>
        <Button onClick={() => setRestores({})} data-testid="restore-from-file">
          {t("safe.restoreFromFile")}
        </Button>
      </Line>
      {backups.former !== null && (
        <Line label={t("safe.former")} hint={t("safe.formerHint", { path: backups.former })}>
          {null}
        </Line>
      )}
      {makes && <BackupDialog folder={backups.folder} onClose={() => setMakes(false)} />}
      {restores && (
        <RestoreDialog {...restores} state={backups.restore} onClose={() => setRestores(null)} />
      )}
      {checks !== null && <CheckDialog path={checks} onClose={() => setChecks(null)} />}
    </Section>
  );
};

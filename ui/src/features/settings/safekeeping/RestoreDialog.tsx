import { type FC, useId } from "react";
import { useTranslation } from "react-i18next";
import type { RestoreState } from "@/ipc/generated/RestoreState";
import { useConnection } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { RestoreBody } from "@/parts/Restore";
import { useRestore } from "@/parts/useRestore";
import css from "./Safekeeping.module.css";
import { Stages } from "./Stages";

const STAGES = ["reading", "sealing", "checking", "placing"] as const;

type Props = {
  /** The backup; none: the agent says which. */
  path?: string;
  state: RestoreState;
  onClose: () => void;
};

/** A backup in the place of the data that are here, which are set aside. */
export const RestoreDialog: FC<Props> = ({ path, state, onClose }) => {
  const { t } = useTranslation();
  const form = useId();
  const { data: connection } = useConnection();
  const unsent = connection ? connection.pending + connection.refused + connection.conflicts : 0;
  const restoring = useRestore({
    ...(path !== undefined && { path }),
    replaces: { unsent },
    onDone: onClose,
  });
  const { busy, found } = restoring;
  const label = found ? "safe.restoreNow" : "safe.restoreNext";
  return (
    <Dialog
      open
      onClose={() => !busy && onClose()}
      title={t("safe.restoreTitle")}
      text={path ?? t("safe.restoreDialogText")}
      testId="restore-dialog"
      foot={
        <>
          <Button
            key={found ? "back" : "leave"}
            autoFocus={found !== undefined}
            onClick={found ? restoring.back : onClose}
            disabled={busy}
            data-testid="restore-back"
          >
            {t(found ? "safe.backStep" : "app.cancel")}
          </Button>
          <Button
            type="submit"
            form={form}
            look={found ? "danger" : "primary"}
            busy={busy}
            data-testid="restore-submit"
          >
            {t(busy ? (found ? "safe.restoring" : "safe.checkingBackup") : label)}
          </Button>
        </>
      }
    >
      <form id={form} className={css.form} onSubmit={restoring.submit} noValidate>
        <RestoreBody restoring={restoring} />
        {busy && found && (
          <Stages
            labels={STAGES.map((stage) => t(`safe.restoreStage.${stage}`))}
            at={(STAGES as readonly string[]).indexOf(state)}
          />
        )}
      </form>
    </Dialog>
  );
};

import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { toast } from "@/kit/Notice";
import { useDesk } from "../store";
import type { Shown } from "../useShown";

/** What is shown, as a file for a spreadsheet. */
export const Export: FC<{ shown: Shown; onClose: () => void }> = ({ shown, onClose }) => {
  const { t } = useTranslation();
  const { sort, reversed } = useDesk();
  const [busy, setBusy] = useState(false);
  const write = async () => {
    setBusy(true);
    try {
      const { path, rows } = await call("ticket.export", { filter: shown.filter, sort, reversed });
      toast("success", t("ticket.dialog.exported", { n: rows, path }));
      onClose();
    } catch (error) {
      setBusy(false);
      toast("danger", errorText(t, error));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("ticket.dialog.export")}
      text={t("ticket.dialog.exportText", { n: shown.total })}
      testId="ticket-exporting"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="primary"
            icon="download"
            busy={busy}
            onClick={() => void write()}
            data-testid="ticket-export-do"
          >
            {t("ticket.dialog.doExport")}
          </Button>
        </>
      }
    />
  );
};

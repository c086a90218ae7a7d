import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { CannedImportView } from "@/ipc/generated/CannedImportView";
import type { CannedList } from "@/ipc/generated/CannedList";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Dialog } from "@/kit/Dialog";
import { toast } from "@/kit/Notice";
import { Select } from "@/kit/Select";
import css from "./Canned.module.css";
import { scopeOf, useScopes } from "./CannedForm";
import { decoded } from "./decoded";

/** Takes over a table of canned replies: looked at first, row by row, and then written. */
export const CannedImport: FC<{ list: CannedList; onClose: () => void }> = ({ list, onClose }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const scopes = useScopes(list);
  const [scope, setScope] = useState(scopes[0]?.id ?? "own");
  const [csv, setCsv] = useState<string | null>(null);
  const [view, setView] = useState<CannedImportView | null>(null);
  const [busy, setBusy] = useState(false);
  const look = async (text: string, whose: string, apply: boolean) => {
    setBusy(true);
    try {
      const found = await call("canned.import", { csv: text, scope: scopeOf(whose), apply });
      setView(found);
      if (apply) {
        await client.invalidateQueries({ queryKey: keys.canned });
        toast("success", t("canned.import.done", { n: found.good }));
        onClose();
      }
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setBusy(false);
  };
  const onFile = async (file: File | undefined) => {
    if (!file) return;
    const text = decoded(await file.arrayBuffer());
    setCsv(text);
    await look(text, scope, false);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("canned.import.title")}
      text={t("canned.import.text")}
      size="lg"
      testId="canned-import-dialog"
      foot={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={csv === null || !view || view.good === 0}
            onClick={() => csv !== null && void look(csv, scope, true)}
            data-testid="canned-import-apply"
          >
            {t("canned.import.apply", { n: view?.good ?? 0 })}
          </Button>
        </>
      }
    >
      <div className={css.importing}>
        <input
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          aria-label={t("canned.import.file")}
          onChange={(event) => void onFile(event.currentTarget.files?.[0])}
          data-testid="canned-file"
        />
        <Select
          label={t("canned.field.scope")}
          value={scope}
          items={scopes}
          onChange={(next) => {
            setScope(next);
            if (csv !== null) void look(csv, next, false);
          }}
        />
      </div>
      {view && (
        <>
          <p className="small muted" role="status" data-testid="canned-import-sum">
            {t("canned.import.sum", { good: view.good, bad: view.rows.length - view.good })}
          </p>
          <div className={cx(css.rows, "scroll")}>
            {view.rows.map((row) => (
              <p key={row.line} className={css.importRow} data-testid="canned-import-row">
                <span className="muted num">{row.line}</span>
                <span className="one">
                  {row.folder && `${row.folder} / `}
                  {row.title || "—"}
                </span>
                <span className={cx(row.problem ? css.bad : "muted", "one")}>
                  {row.problem ? t(`canned.problem.${row.problem}`) : row.text}
                </span>
              </p>
            ))}
          </div>
        </>
      )}
    </Dialog>
  );
};

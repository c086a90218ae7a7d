import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { CannedView } from "@/ipc/generated/CannedView";
import { useCanned } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { EmptyState } from "@/kit/EmptyState";
import { FindHead } from "../Find";
import css from "./Canned.module.css";
import { CannedForm } from "./CannedForm";
import { CannedImport } from "./CannedImport";
import { CannedRow } from "./CannedRow";
import { NEW, useCannedEdit } from "./useCannedEdit";

/** Canned replies and macros by folder: leads write them for others, everybody for themselves. */
export const Canned: FC = () => {
  const { t } = useTranslation();
  const { data, error } = useCanned();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState<CannedView | typeof NEW | null>(null);
  const [importing, setImporting] = useState(false);
  const edit = useCannedEdit(() => setOpen(null));
  if (!data) return error ? <p className="soft">{errorText(t, error)}</p> : null;

  const words = query.trim().toLowerCase();
  const shown = data.items.filter(({ draft }) =>
    [draft.title, draft.shortcode, draft.folder, draft.text].some((part) =>
      part.toLowerCase().includes(words),
    ),
  );
  const folders = new Map<string, CannedView[]>();
  for (const item of shown) {
    const { folder } = item.draft;
    folders.set(folder, [...(folders.get(folder) ?? []), item]);
  }
  return (
    <div className={css.canned} data-testid="canned">
      <FindHead label={t("canned.find")} query={query} onQuery={setQuery} testId="canned-find">
        <span className="grow" />
        <Button icon="upload" onClick={() => setImporting(true)} data-testid="canned-import">
          {t("canned.import.open")}
        </Button>
        <Button look="primary" icon="plus" onClick={() => setOpen(NEW)} data-testid="canned-new">
          {t("canned.new")}
        </Button>
      </FindHead>
      {!data.may_manage && <p className="small muted">{t("canned.ownOnly")}</p>}
      {data.items.length === 0 && (
        <EmptyState icon="slash" title={t("canned.emptyTitle")} text={t("canned.emptyText")} />
      )}
      {data.items.length > 0 && shown.length === 0 && <p className="soft">{t("canned.none")}</p>}
      {[...folders].map(([folder, items]) => (
        <section key={folder} className={css.folder} aria-label={folder || t("canned.noFolder")}>
          <h2>
            {folder || t("canned.noFolder")} <span className="muted num">{items.length}</span>
          </h2>
          {items.map((item) => (
            <CannedRow key={item.id} item={item} onOpen={() => setOpen(item)} />
          ))}
        </section>
      ))}
      {open !== null && (
        <CannedForm
          key={open === NEW ? "new" : open.id}
          item={open === NEW ? null : open}
          list={data}
          edit={edit}
          onClose={() => setOpen(null)}
        />
      )}
      {importing && <CannedImport list={data} onClose={() => setImporting(false)} />}
    </div>
  );
};

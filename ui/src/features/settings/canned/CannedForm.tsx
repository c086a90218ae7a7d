import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CannedDraft } from "@/ipc/generated/CannedDraft";
import type { CannedList } from "@/ipc/generated/CannedList";
import type { CannedScope } from "@/ipc/generated/CannedScope";
import type { CannedView } from "@/ipc/generated/CannedView";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { AreaField, LineField } from "@/kit/FormField";
import { Select } from "@/kit/Select";
import { ActsEditor } from "./ActsEditor";
import css from "./Canned.module.css";
import { FilesEditor } from "./FilesEditor";
import type { useCannedEdit } from "./useCannedEdit";

type Props = {
  item: CannedView | null;
  list: CannedList;
  edit: ReturnType<typeof useCannedEdit>;
  onClose: () => void;
};

const MAX_TITLE = 60;
/** Places that the desk fills in by itself. */
const PLACES = "{{订单号}}、{{运单号}}、{{商品}}、{{金额}}、{{客户}}、{{坐席}}";
const MAX_CODE = 24;

const scopeId = (scope: CannedScope) =>
  scope.kind === "group" ? `group:${scope.group}` : scope.kind;
export const scopeOf = (id: string): CannedScope =>
  id.startsWith("group:")
    ? { kind: "group", group: id.slice("group:".length) }
    : { kind: id === "own" ? "own" : "all" };

/** Whom the agent may write for. */
export const useScopes = (list: CannedList) => {
  const { t } = useTranslation();
  const own = { id: "own", label: t("canned.scope.own") };
  if (!list.may_manage) return [own];
  const groups = list.groups.map(({ id, name }) => ({ id: `group:${id}`, label: name }));
  return [{ id: "all", label: t("canned.scope.all") }, ...groups, own];
};

/** One's own never leaves the desk, so that it holds no files. */
const kept = ({ files, ...draft }: CannedDraft): CannedDraft =>
  draft.scope.kind === "own" || !files || files.length === 0 ? draft : { ...draft, files };

/** What a canned reply is, to be written or changed. */
export const CannedForm: FC<Props> = ({ item, list, edit, onClose }) => {
  const { t } = useTranslation();
  const scopes = useScopes(list);
  const [draft, setDraft] = useState<CannedDraft>(
    item?.draft ?? {
      scope: list.may_manage ? { kind: "all" } : { kind: "own" },
      folder: "",
      title: "",
      shortcode: "",
      text: "",
      acts: [],
    },
  );
  const [sure, setSure] = useState(false);
  const set = (change: Partial<CannedDraft>) => setDraft({ ...draft, ...change });
  const locked = item !== null && !item.editable;
  const code = draft.shortcode.replace(/^\//, "").trim();
  const twin = list.items.find(
    (each) => code !== "" && each.id !== item?.id && each.draft.shortcode === code,
  );
  const badCode = /[\s/]/.test(code);
  const does = draft.acts.length > 0 || (draft.files ?? []).length > 0;
  const whole = draft.title.trim() !== "" && (draft.text.trim() !== "" || does);
  const folders = [...new Set(list.items.map((each) => each.draft.folder))].filter(Boolean);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(item ? "canned.edit" : "canned.new")}
      size="lg"
      testId="canned-form"
      foot={
        <>
          {item && !locked && (
            <Button
              look={sure ? "danger" : "ghost"}
              busy={edit.busy}
              onClick={() => (sure ? void edit.remove(item) : setSure(true))}
              data-testid="canned-remove"
            >
              {t(sure ? "canned.removeSure" : "canned.remove")}
            </Button>
          )}
          <span className="grow" />
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          {!locked && (
            <Button
              look="primary"
              busy={edit.busy}
              disabled={!whole || badCode}
              onClick={() => void edit.save(item, { ...kept(draft), shortcode: code })}
              data-testid="canned-save"
            >
              {t("app.save")}
            </Button>
          )}
        </>
      }
    >
      <fieldset className={css.form} disabled={locked}>
        <LineField
          label={t("canned.field.title")}
          value={draft.title}
          maxLength={MAX_TITLE}
          onChange={(event) => set({ title: event.currentTarget.value })}
          data-testid="canned-title"
        />
        <div className={css.pair}>
          <LineField
            label={t("canned.field.folder")}
            hint={t("canned.field.folderHint")}
            list="canned-folders"
            value={draft.folder}
            maxLength={MAX_TITLE}
            onChange={(event) => set({ folder: event.currentTarget.value })}
            data-testid="canned-folder"
          />
          <datalist id="canned-folders">
            {folders.map((folder) => (
              <option key={folder} value={folder} />
            ))}
          </datalist>
          <LineField
            label={t("canned.field.shortcode")}
            hint={
              twin
                ? t("canned.field.shortcodeTwin", { title: twin.draft.title })
                : t("canned.field.shortcodeHint")
            }
            error={badCode ? t("canned.field.shortcodeBad") : undefined}
            value={draft.shortcode}
            maxLength={MAX_CODE + 1}
            onChange={(event) => set({ shortcode: event.currentTarget.value })}
            data-testid="canned-code"
          />
        </div>
        <AreaField
          label={t("canned.field.text")}
          hint={t("canned.field.textHint", { places: PLACES })}
          rows={6}
          value={draft.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
          data-testid="canned-text"
        />
        <div className={css.scope}>
          <span>{t("canned.field.scope")}</span>
          <Select
            label={t("canned.field.scope")}
            value={scopeId(draft.scope)}
            items={scopes}
            onChange={(id) => set({ scope: scopeOf(id) })}
            disabled={locked}
            testId="canned-scope"
          />
        </div>
        {draft.scope.kind !== "own" && (
          <FilesEditor files={draft.files ?? []} onChange={(files) => set({ files })} />
        )}
        <ActsEditor acts={draft.acts} onChange={(acts) => set({ acts })} />
        {item && item.by !== "" && (
          <p className="small muted">{t("canned.changedBy", { name: item.by })}</p>
        )}
      </fieldset>
    </Dialog>
  );
};

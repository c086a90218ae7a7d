import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { CannedView } from "@/ipc/generated/CannedView";
import { Tag } from "@/kit/Marks";
import { Acts } from "@/parts/Acts";
import { FilesWith } from "@/parts/FilesWith";
import css from "./Canned.module.css";

/** One canned reply of the list. */
export const CannedRow: FC<{ item: CannedView; onOpen: () => void }> = ({ item, onOpen }) => {
  const { t } = useTranslation();
  const { draft, used, group } = item;
  return (
    <button type="button" className={css.row} onClick={onOpen} data-testid="canned-row">
      <span className={css.title}>
        <span className="one">{draft.title}</span>
        {draft.shortcode !== "" && <span className={css.code}>/{draft.shortcode}</span>}
        <span className="grow" />
        {draft.scope.kind !== "all" && (
          <Tag>{draft.scope.kind === "own" ? t("canned.scope.own") : group}</Tag>
        )}
        <span className="small muted num">{t("canned.used", { n: used })}</span>
      </span>
      {draft.text !== "" && <span className={css.text}>{draft.text}</span>}
      <FilesWith n={draft.files?.length ?? 0} />
      {draft.acts.length > 0 && <Acts acts={draft.acts} />}
    </button>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ConflictView } from "@/ipc/generated/ConflictView";
import { Conflict } from "./Conflict";
import css from "./Outbox.module.css";

/** Edits that met somebody else's; nothing while there are none. */
export const Conflicts: FC<{ items: readonly ConflictView[] }> = ({ items }) => {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <section aria-label={t("conflict.title")}>
      <h3 className={css.head}>
        {t("conflict.title")} <span className="muted num">{items.length}</span>
      </h3>
      <p className="small soft">{t("conflict.text")}</p>
      <div className={css.cards}>
        {items.map((item) => (
          <Conflict key={`${item.conversation_id}-${item.theirs.field}`} item={item} />
        ))}
      </div>
    </section>
  );
};

import type { FC, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useInfo } from "@/ipc/queries";
import { Icon } from "@/kit/Icon";
import css from "./Frame.module.css";

const RINGS = [112, 156, 200, 244, 288, 332, 376];

/** The page before the desk: what to do on the left, what the product is for on the right. */
export const Frame: FC<{ children: ReactNode }> = ({ children }) => {
  const { t } = useTranslation();
  const { data: info } = useInfo();
  return (
    <div className={css.page}>
      <main className={`${css.left} scroll`}>
        <p className={css.brand}>
          <Icon name="logo" size={22} />
          {t("app.name")}
        </p>
        <div className={css.main}>{children}</div>
        <p className="small muted">
          {info && (
            <>
              {t("login.version", { version: info.version })}
              <i className="sep" />
            </>
          )}
          {t("login.offlineHint")}
        </p>
      </main>
      <aside className={css.side}>
        <svg
          className={css.art}
          viewBox="0 0 880 900"
          preserveAspectRatio="xMaxYMin slice"
          aria-hidden="true"
        >
          {RINGS.map((r) => (
            <circle key={r} cx="600" cy="330" r={r} />
          ))}
          <use href="#i-logo" x="528" y="254" width="144" height="144" className={css.ear} />
        </svg>
        <p className={css.word}>{t("login.word")}</p>
        <p>{t("login.promise")}</p>
      </aside>
    </div>
  );
};

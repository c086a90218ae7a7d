import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { ExplanationView } from "@/ipc/generated/ExplanationView";
import css from "./Grounds.module.css";

const percent = (share: number) => Math.round(share * 100);

/** What speaks for an answer more than for the others, and the words that match. */
export const Grounds: FC<{ explanation: ExplanationView }> = ({ explanation }) => {
  const { t } = useTranslation();
  const { matches } = explanation;
  // What rounds to nothing is nothing to read.
  const grounds = explanation.grounds.filter(({ share }) => percent(share) > 0);
  if (grounds.length === 0 && matches.length === 0)
    return <p className="small muted">{t("why.nothing")}</p>;
  return (
    <div className={css.why}>
      {grounds.length > 0 && (
        <dl className={css.grounds}>
          {grounds.map(({ ground, share }) => (
            <div key={ground} className={css.ground}>
              <dt>{t(`why.ground.${ground}`)}</dt>
              <dd>
                <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                  <rect className={css.track} width="100" height="4" />
                  <rect className={css.bar} width={percent(share)} height="4" />
                </svg>
                <span className="num">{percent(share)}%</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {matches.length > 0 && (
        <ul className={css.matches} aria-label={t("why.matches")}>
          {matches.map(({ asked, found, kind }) => (
            <li key={`${asked}-${found}`}>
              {kind === "same" ? t("why.same", { asked }) : t("why.concept", { asked, found })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};

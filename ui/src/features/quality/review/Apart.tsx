import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { QaCalibrationView } from "@/ipc/generated/QaCalibrationView";
import type { QaView } from "@/ipc/generated/QaView";
import { ScoreMark } from "../ScoreMark";
import { apartText, markText, pointsApart } from "../words";
import css from "./Apart.module.css";

/** How far further reviewers are from the first one, item by item. */
export const Apart: FC<{ view: QaView }> = ({ view }) => {
  const { t } = useTranslation();
  return (
    <section
      className={css.apart}
      aria-label={t("quality.calibration")}
      data-testid="quality-apart"
    >
      <h3>{t("quality.calibration")}</h3>
      {view.calibrations.length === 0 && <p className="muted">{t("quality.notCalibrated")}</p>}
      {view.calibrations.map((one) => (
        <One key={one.scored.by.agent} view={view} one={one} />
      ))}
    </section>
  );
};

const One: FC<{ view: QaView; one: QaCalibrationView }> = ({ view, one }) => {
  const { t } = useTranslation();
  const { scored, apart_tenths, items, n_same } = one;
  const itemOf = (id: string) => view.form.draft.items.find((item) => item.id === id);
  return (
    <div className={css.one}>
      <p className={css.head}>
        <span className="strong one grow">{scored.by.name}</span>
        <span className="small muted num">
          {t("quality.apart", { apart: apartText(apart_tenths) })}
        </span>
        <ScoreMark score={scored.score} />
      </p>
      {items.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t("quality.item")}</th>
              <th scope="col">{t("quality.first")}</th>
              <th scope="col">{t("quality.other")}</th>
              <th scope="col">{t("quality.difference")}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((apart) => {
              const item = itemOf(apart.item);
              return (
                item && (
                  <tr key={apart.item}>
                    <td>{item.name}</td>
                    <td className="num">{markText(t, item, apart.first)}</td>
                    <td className="num">{markText(t, item, apart.other)}</td>
                    <td className="num">
                      {apart.points === null ? "—" : pointsApart(apart.points)}
                    </td>
                  </tr>
                )
              );
            })}
          </tbody>
        </table>
      )}
      <p className="small muted">{t("quality.same", { n: n_same })}</p>
      {scored.comment !== "" && <p className={css.comment}>{scored.comment}</p>}
    </div>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { QaMineView } from "@/ipc/generated/QaMineView";
import { Figures } from "../Figures";
import { useWhen } from "../useWhen";
import { meanText, passedText } from "../words";
import css from "./Sum.module.css";

/** How the reviews came out together, and where points were lost. */
export const Sum: FC<{ view: QaMineView }> = ({ view }) => {
  const { t } = useTranslation();
  const when = useWhen();
  const { n, n_passed, n_vetoed } = view.sum;
  const most = Math.max(1, ...view.losses.map(({ points }) => points));
  return (
    <div className={`${css.sum} scroll`} data-testid="quality-sum">
      <Figures
        items={[
          { id: "quality-n", name: t("quality.figure.n"), value: String(n), note: "" },
          {
            id: "quality-mean",
            name: t("quality.figure.mean"),
            value: meanText(view.sum),
            note: t("quality.figure.meanNote"),
          },
          {
            id: "quality-passed",
            name: t("quality.figure.passed"),
            value: passedText(view.sum),
            note: t("quality.figure.passedNote", { n: n_passed }),
          },
          {
            id: "quality-vetoed",
            name: t("quality.figure.vetoed"),
            value: String(n_vetoed),
            note: "",
          },
        ]}
      />
      {view.losses.length > 0 && (
        <table className={css.losses} data-testid="quality-losses">
          <caption>{t("quality.losses")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("quality.item")}</th>
              <th scope="col">{t("quality.lossPoints")}</th>
              <th scope="col">
                <span className="sr">{t("quality.lossShare")}</span>
              </th>
              <th scope="col">{t("quality.lossTimes")}</th>
            </tr>
          </thead>
          <tbody>
            {view.losses.map(({ item, n: times, points }) => (
              <tr key={item}>
                <td>{item}</td>
                <td className="num">{points === 0 ? t("quality.veto") : points}</td>
                <td>
                  <progress className={css.bar} max={most} value={points} aria-hidden="true" />
                </td>
                <td className="num muted">{t("quality.times", { n: times })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view.as_of > 0 && (
        <p className="small muted">{t("survey.asOf", { at: when(view.as_of) })}</p>
      )}
    </div>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { Spark } from "@/kit/chart/Spark";
import { cx } from "@/kit/cx";
import { CARDS, cardOf } from "./card";
import css from "./NumberCards.module.css";
import { amount, pick } from "./numbers";
import { useRoom } from "./store";
import type { Shown } from "./useBoard";

/** Each number with what it was; pressed, the rows behind it. Its tip says what is counted. */
export const NumberCards: FC<{ shown: Shown }> = ({ shown }) => (
  <div className={css.cards}>
    {CARDS.map((metric) => (
      <Card key={metric} metric={metric} shown={shown} />
    ))}
  </div>
);

const Card: FC<{ metric: (typeof CARDS)[number]; shown: Shown }> = ({ metric, shown }) => {
  const { t } = useTranslation();
  const set = useRoom((room) => room.set);
  const { board, from, to } = shown;
  const text = cardOf(t, shown, metric);
  const values = pick(board?.series, metric)?.now ?? [];
  if (!text) return null;
  return (
    <button
      type="button"
      className={cx(css.card, text.isBeyond && css.beyond)}
      title={`${t(`metrics.means.${metric}`)}\n${t("metrics.openRows")}`}
      onClick={() => set({ behind: { metric, from, to, slice: null } })}
      data-testid={`metric-${metric}`}
    >
      <span className={css.name}>{text.name}</span>
      <span className={css.figure}>
        {text.figure}
        {text.unit && <small>{text.unit}</small>}
        {text.beside && <span className={css.beside}>{text.beside}</span>}
      </span>
      <span className={css.before}>
        {text.before}
        {text.difference && <span className={css.difference}>{text.difference}</span>}
        {text.isBeyond && <span className={css.bound}>{text.bound}</span>}
      </span>
      <Spark values={values.map(amount)} />
    </button>
  );
};

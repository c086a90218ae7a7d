import type { FC } from "react";
import { cx } from "../cx";
import css from "./Chart.module.css";
import type { Grid } from "./spec";

type Props = {
  label: string;
  grid: Grid;
  /** In sight; otherwise only read out. */
  shown: boolean;
  onPick?: ((at: number, column: number) => void) | undefined;
};

/** The values of a chart as a table; where lines open something, by a button that Tab reaches. */
export const ChartTable: FC<Props> = ({ label, grid, shown, onPick }) => (
  // A scroller that has the focus scrolls by the arrows.
  <div className={cx(shown ? `${css.scroller} scroll` : "sr")} {...(shown && { tabIndex: 0 })}>
    <table className={css.table}>
      <caption className="sr">{label}</caption>
      <thead>
        <tr>
          {grid.heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {grid.lines.map(([name, ...values], at) => (
          <tr key={name}>
            <th scope="row">
              {shown && onPick ? (
                <button type="button" className={css.pick} onClick={() => onPick(at, 0)}>
                  {name}
                </button>
              ) : (
                name
              )}
            </th>
            {values.map((value, column) => (
              <td key={grid.heads[column + 1]}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

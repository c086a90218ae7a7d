import type { FC } from "react";
import { cx } from "../cx";
import css from "./Legend.module.css";
import type { BarsSpec, LinesSpec } from "./spec";

/** Which colour is what. */
export const Legend: FC<{ spec: LinesSpec | BarsSpec }> = ({ spec }) => (
  <ul className={css.legend}>
    {spec.series.map(({ name, look }) => (
      <li key={name}>
        <i className={css[look]} />
        {name}
      </li>
    ))}
    {spec.limit && (
      <li>
        <i className={cx(css.limit)} />
        {spec.limit.name}
      </li>
    )}
  </ul>
);

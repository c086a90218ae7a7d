import type { FC } from "react";
import css from "./Figures.module.css";

type Props = { items: readonly { id: string; name: string; value: string; note: string }[] };

/** Numbers side by side, each with its name and what it is of. */
export const Figures: FC<Props> = ({ items }) => (
  <dl className={css.figures}>
    {items.map(({ id, name, value, note }) => (
      <div key={id} className={css.figure} data-testid={id}>
        <dt>{name}</dt>
        <dd className={css.value}>{value}</dd>
        <dd className="small muted">{note}</dd>
      </div>
    ))}
  </dl>
);

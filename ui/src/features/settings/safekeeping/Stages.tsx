import type { FC } from "react";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import css from "./Safekeeping.module.css";

type Props = { labels: string[]; at: number };

/** The stages of a longer work, with the one that is at work. */
export const Stages: FC<Props> = ({ labels, at }) => (
  <ol className={css.stages} aria-live="polite">
    {labels.map((label, n) => (
      <li key={label} className={cx(n === at && css.now)}>
        <Icon name={n < at ? "check" : "clock"} size={14} />
        {label}
      </li>
    ))}
  </ol>
);

import type { ComponentPropsWithRef, FC, ReactNode } from "react";
import { cx } from "./cx";
import css from "./ListDetail.module.css";

type Props = {
  /** What the list is of. */
  label: string;
  size?: "narrow" | "middle" | "wide";
  /** Filters and acts above the list. */
  bar?: ReactNode;
  list: ReactNode;
  /** What stands below the list: its keys. */
  foot?: ReactNode;
  /** The one that is chosen: one element. */
  children: ReactNode;
  testId?: string;
};

/** A list at the side, and the one of it that is looked at beside it. */
export const ListDetail: FC<Props> = ({
  label,
  size = "middle",
  bar,
  list,
  foot,
  children,
  testId,
}) => (
  <div className={cx(css.split, size !== "middle" && css[size])}>
    <section className={css.listing} aria-label={label}>
      {bar && <div className={css.bar}>{bar}</div>}
      <div className={cx(css.list, "scroll")} data-testid={testId}>
        {list}
      </div>
      {foot && <p className={css.foot}>{foot}</p>}
    </section>
    {children}
  </div>
);

type RowsProps = {
  /** Rows of one line each. */
  dense?: boolean;
  children: ReactNode;
  testId?: string;
};

/** Rows of a list, one below the other with air around them. */
export const ListRows: FC<RowsProps> = ({ dense = false, children, testId }) => (
  <ul className={cx(css.rows, dense && css.dense)} data-testid={testId}>
    {children}
  </ul>
);

type RowProps = ComponentPropsWithRef<"button"> & { isChosen: boolean };

/** One row, to choose it. */
export const ListRow: FC<RowProps> = ({ isChosen, className, ...rest }) => (
  <button type="button" {...rest} className={cx(css.row, isChosen && css.chosen, className)} />
);

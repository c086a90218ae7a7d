import type { FC, ReactNode } from "react";
import css from "./EmptyState.module.css";
import { Icon, type IconName } from "./Icon";

type Props = { icon: IconName; title: string; text: string; children?: ReactNode; testId?: string };

/** Nothing here, why, and what to do next. */
export const EmptyState: FC<Props> = ({ icon, title, text, children, testId }) => (
  <div className={css.empty} data-testid={testId}>
    <Icon name={icon} size={20} />
    <h3>{title}</h3>
    <p>{text}</p>
    {children && <div className={css.acts}>{children}</div>}
  </div>
);

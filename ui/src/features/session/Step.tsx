import type { FC, ReactNode } from "react";
import { LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import css from "./Step.module.css";

type StepState = "done" | "now" | "next";
type Props = {
  n: number;
  state: StepState;
  title: string;
  change?: { label: string; run: () => void } | undefined;
  children?: ReactNode;
};

/** One step of a path: done with its result, open, or still to come. */
export const Step: FC<Props> = ({ n, state, title, change, children }) => (
  <li className={cx(css.step, css[state])} aria-current={state === "now" ? "step" : undefined}>
    <span className={css.dot}>{state === "done" ? <Icon name="check" size={12} /> : n}</span>
    <strong>{title}</strong>
    <span>
      {state === "done" && change && (
        <LinkButton className="small" onClick={change.run}>
          {change.label}
        </LinkButton>
      )}
    </span>
    {children && <div className={css.body}>{children}</div>}
  </li>
);

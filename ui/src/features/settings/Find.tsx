import type { FC, ReactNode } from "react";
import { Field } from "@/kit/Field";
import css from "./Find.module.css";

type Props = {
  label: string;
  query: string;
  onQuery: (query: string) => void;
  testId: string;
};

/** Finds in what a page of the settings lists. */
export const Find: FC<Props> = ({ label, query, onQuery, testId }) => (
  <Field
    label={label}
    hideLabel
    icon="search"
    placeholder={label}
    value={query}
    onChange={(event) => onQuery(event.currentTarget.value)}
    className={css.field}
    data-testid={testId}
  />
);

/** The head of such a list: what finds in it, and then what is done with it. */
export const FindHead: FC<Props & { children: ReactNode }> = ({ children, ...find }) => (
  <div className={css.head}>
    <Find {...find} />
    {children}
  </div>
);

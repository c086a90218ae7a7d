import { type FC, useId } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "@/kit/cx";
import css from "./Engine.module.css";
import type { Told } from "./useEngineEdit";

const AT_ONCE = 5;

type Props = {
  title: string;
  hint: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  count: string;
  problems: readonly Told[];
  readOnly: boolean;
  testId: string;
};

/** A list that is written as text, one thing a line, with what is wrong below it. */
export const Expressions: FC<Props> = (props) => {
  const { t } = useTranslation();
  const id = useId();
  const wrong = props.problems.length > 0;
  return (
    <section className={css.part}>
      <div className={css.title}>
        <label htmlFor={id} className="strong grow">
          {props.title}
        </label>
        <span className="small muted num">{props.count}</span>
      </div>
      <p id={`${id}-hint`} className="small muted">
        {props.hint}
      </p>
      <textarea
        id={id}
        className={cx(css.text, wrong && css.wrong)}
        rows={6}
        spellCheck={false}
        placeholder={props.placeholder}
        value={props.text}
        readOnly={props.readOnly}
        aria-invalid={wrong || undefined}
        aria-describedby={`${id}-hint ${id}-problems`}
        data-testid={props.testId}
        onChange={(event) => props.onText(event.currentTarget.value)}
      />
      <ul id={`${id}-problems`} className={css.problems} data-testid={`${props.testId}-problems`}>
        {props.problems.slice(0, AT_ONCE).map(({ line, text }) => (
          <li key={`${line} ${text}`}>
            {line === null ? text : t("engine.problem.line", { line, text })}
          </li>
        ))}
        {props.problems.length > AT_ONCE && (
          <li>{t("engine.problem.more", { n: props.problems.length - AT_ONCE })}</li>
        )}
      </ul>
    </section>
  );
};

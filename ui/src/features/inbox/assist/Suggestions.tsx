import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { type ActionId, keyText } from "@/hotkeys";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { Suggestion } from "@/ipc/generated/Suggestion";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { EmptyState } from "@/kit/EmptyState";
import { Kbd } from "@/kit/Kbd";
import { Marked } from "@/kit/Marked";
import { ConfidenceBar } from "@/kit/Ring";
import { categoryText } from "@/lib/text";
import { Thumbs } from "../Thumbs";
import type { Thumbs as Said } from "../useThumbs";
import css from "./Suggestions.module.css";
import type { Answers } from "./useAnswers";
import { Why } from "./Why";

const INSERT: readonly ActionId[] = ["insert1", "insert2", "insert3", "insert4", "insert5"];
const SEND: readonly ActionId[] = ["send1", "send2", "send3", "send4", "send5"];

type Props = {
  items: readonly Suggestion[];
  active: number;
  onActive: (at: number) => void;
  answers: Answers;
  withKeys?: boolean;
  /** Of which conversation, where it can be told why. */
  why?: WhyProps;
  /** Where it can be said whether one fits. */
  thumbs?: Said;
};

type WhyProps = { conversation: ConversationId; open: boolean; toggle: () => void };

/** Ranked answers; one is open with its buttons, each has its keys. */
export const Suggestions: FC<Props> = ({
  items,
  active,
  onActive,
  answers,
  withKeys = true,
  why,
  thumbs,
}) => {
  const { t } = useTranslation();
  return (
    <ul className={css.list} aria-label={t("assist.suggestions", { n: items.length })}>
      {items.map((item, at) => (
        <Answer
          key={item.faq_id}
          item={item}
          at={at}
          active={at === active}
          onActive={() => onActive(at)}
          answers={answers}
          withKeys={withKeys}
          why={why}
          thumbs={thumbs}
        />
      ))}
    </ul>
  );
};

type AnswerProps = {
  item: Suggestion;
  at: number;
  active: boolean;
  onActive: () => void;
  answers: Answers;
  withKeys: boolean;
  why: WhyProps | undefined;
  thumbs: Said | undefined;
};

const Answer: FC<AnswerProps> = (props) => {
  const { item, at, active, onActive, answers, withKeys, why, thumbs } = props;
  const { t } = useTranslation();
  const insert = INSERT[at];
  const send = SEND[at];
  return (
    <li
      className={cx(css.sug, active && css.active)}
      data-testid={withKeys ? `suggestion-${at + 1}` : `faq-hit-${at + 1}`}
    >
      <button
        type="button"
        className={css.open}
        aria-expanded={active}
        aria-label={`${t("assist.expand", { n: at + 1 })}：${item.question}`}
        onClick={onActive}
      />
      <div className={css.top}>
        {withKeys && <Kbd keys={String(at + 1)} />}
        <h3 className="one grow">
          <Marked text={item.question} spans={item.question_marks} />
        </h3>
        <ConfidenceBar
          value={item.confidence}
          label={t("assist.confidence", { n: Math.round(item.confidence * 100) })}
        />
      </div>
      <p className={css.text}>
        <Marked text={item.answer} spans={item.answer_marks} />
      </p>
      <p className={css.foot}>
        <span className={css.id}>{item.faq_id}</span>
        <span className="one">
          {t("conversation.version", { n: item.version })}
          {active && item.category && (
            <>
              <i className="sep" />
              {categoryText(item.category)}
            </>
          )}
        </span>
        {!active && withKeys && insert && (
          <>
            <span className="grow" />
            <Kbd keys={keyText(insert)} />
          </>
        )}
      </p>
      {active && (
        <div className={css.acts}>
          <Button
            size="sm"
            disabled={!answers.allowed}
            keys={withKeys && insert ? keyText(insert) : undefined}
            onClick={() => answers.insert(item)}
            data-testid={`insert-${at + 1}`}
          >
            {t("assist.insert")}
          </Button>
          <Button
            size="sm"
            disabled={!answers.allowed}
            keys={withKeys && send ? keyText(send) : undefined}
            onClick={() => answers.send(item)}
            data-testid={`send-now-${at + 1}`}
          >
            {t("assist.send")}
          </Button>
          {(why || thumbs) && (
            <div className={css.more}>
              {why && (
                <Button
                  size="sm"
                  look="ghost"
                  keys={keyText("why")}
                  aria-expanded={why.open}
                  onClick={why.toggle}
                  data-testid={`why-${at + 1}`}
                >
                  {t("why.toggle")}
                </Button>
              )}
              {thumbs && (
                <Thumbs
                  value={thumbs.of({ faqId: item.faq_id })}
                  onMark={(thumb) => thumbs.mark({ faqId: item.faq_id }, thumb)}
                  actions={{ up: "thumbUp", down: "thumbDown" }}
                />
              )}
            </div>
          )}
        </div>
      )}
      {active && why?.open && <Why conversation={why.conversation} faqId={item.faq_id} />}
    </li>
  );
};

/** Honest: nothing is sure enough, or nothing was asked. */
export const NoAnswer: FC<{ asked: boolean; onSearch: () => void }> = ({ asked, onSearch }) => {
  const { t } = useTranslation();
  return (
    <EmptyState
      testId="no-answer"
      icon={asked ? "search" : "clock"}
      title={t(asked ? "assist.noneTitle" : "assist.waitTitle")}
      text={t(asked ? "assist.noneText" : "assist.waitText")}
    >
      {asked && (
        <Button onClick={onSearch} keys={keyText("faqSearch")}>
          {t("assist.searchLabel")}
        </Button>
      )}
    </EmptyState>
  );
};

/** Honest: there are answers, and none of them is to be trusted. */
export const Weak: FC<{ best: number }> = ({ best }) => {
  const { t } = useTranslation();
  return (
    <div className={css.weak} role="status" data-testid="no-answer">
      <h3>{t("assist.noneTitle")}</h3>
      <p>{t("assist.weakText", { n: Math.round(best * 100) })}</p>
    </div>
  );
};

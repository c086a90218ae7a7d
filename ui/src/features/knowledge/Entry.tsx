import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { useFaqEntry } from "@/ipc/queries";
import { Notice } from "@/kit/Notice";
import { categoryText } from "@/lib/text";
import { dateText } from "@/lib/time";
import css from "./Entry.module.css";
import { Learned } from "./Learned";

/** One entry as published. */
export const Entry: FC<{ id: string }> = ({ id }) => {
  const { t, i18n } = useTranslation();
  const { data: entry, error } = useFaqEntry(id);
  if (error) return <Notice tone="warning">{errorText(t, error)}</Notice>;
  if (!entry) return null;
  const { marks } = entry;
  return (
    <article className={css.entry} data-testid="faq-entry">
      <header className={css.head}>
        <h2>{entry.question}</h2>
        <p className={css.meta}>
          <span className={css.id}>{entry.faq_id}</span>
          <span>{t("conversation.version", { n: entry.version })}</span>
          <span>
            {t("knowledge.publishedAt", {
              date: dateText(entry.published_at, Date.now(), i18n.language),
            })}
          </span>
        </p>
        <p className={css.meta}>
          <span>{entry.business_line}</span>
          <span>{categoryText(entry.category)}</span>
          {marks && marks.asked > 0 && (
            <span data-testid="faq-marks">
              {marks.answered === 0
                ? t("survey.ofEntryNone", { asked: marks.asked })
                : t("survey.ofEntry", {
                    share: `${((marks.satisfied / marks.answered) * 100).toFixed(1)}%`,
                    satisfied: marks.satisfied,
                    answered: marks.answered,
                  })}
            </span>
          )}
        </p>
      </header>
      <section>
        <h3>{t("knowledge.answer")}</h3>
        {entry.answer.trim() === "" ? (
          <p className="warning">{t("knowledge.noAnswer")}</p>
        ) : (
          <p className={css.answer}>{entry.answer}</p>
        )}
      </section>
      <section>
        <h3>
          {t("knowledge.similar")} <span className="muted num">{entry.similar.length}</span>
        </h3>
        {entry.similar.length === 0 && <p className="muted">{t("knowledge.noSimilar")}</p>}
        <ul className={css.similar}>
          {entry.similar.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
      <Learned id={id} />
    </article>
  );
};

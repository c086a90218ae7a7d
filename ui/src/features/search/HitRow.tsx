import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { SearchHit } from "@/ipc/generated/SearchHit";
import { Icon } from "@/kit/Icon";
import { Marked } from "@/kit/Marked";
import { Tag } from "@/kit/Marks";
import { find } from "@/kit/ranges";
import { useNow } from "@/lib/now";
import { categoryText } from "@/lib/text";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import { ChannelAvatar, useName } from "@/parts/Person";
import css from "./Search.module.css";

/** When, short: the time today, else the date. */
const When: FC<{ at: number }> = ({ at }) => {
  const { i18n } = useTranslation();
  const now = useNow();
  return (
    <span className={css.when}>
      {daysAgo(at, now) === 0 ? timeOfDay(at) : dateText(at, now, i18n.language)}
    </span>
  );
};

type Props = { hit: SearchHit; query: string };

/** One thing that was found. */
export const HitRow: FC<Props> = ({ hit, query }) => {
  const { t } = useTranslation();
  const name = useName();
  switch (hit.kind) {
    case "message":
      return (
        <>
          <ChannelAvatar row={hit} />
          <span className={css.text}>
            <span className={css.line}>
              <span className={css.name}>{name(hit)}</span>
              <span className={css.small}>{hit.number}</span>
              <When at={hit.at} />
            </span>
            <span className={css.said}>
              {hit.note ? (
                <span className={css.by}>{t("note.note")}</span>
              ) : (
                hit.author !== "customer" && (
                  <span className={css.by}>{t(`search.by_${hit.author}`)}</span>
                )
              )}
              <Marked text={hit.text} spans={hit.marks} />
            </span>
          </span>
        </>
      );
    case "conversation":
      return (
        <>
          <ChannelAvatar row={hit} />
          <span className={css.text}>
            <span className={css.line}>
              <span className={css.name}>
                <Marked text={hit.number} spans={find(hit.number, query)} />
              </span>
              <span className={css.small}>{name(hit)}</span>
              <When at={hit.at} />
            </span>
            <span className={css.said}>{hit.text}</span>
          </span>
        </>
      );
    case "contact":
      return (
        <>
          <span className={css.sign}>
            <Icon name="user" size={20} />
          </span>
          <span className={css.text}>
            <span className={css.line}>
              <span className={css.name}>
                <Marked text={name(hit)} spans={find(name(hit), query)} />
              </span>
              {hit.value_tier !== "normal" && <Tag>{t(`tier.${hit.value_tier}`)}</Tag>}
              <When at={hit.at} />
            </span>
            <span className={css.said}>{t("search.latest", { number: hit.number })}</span>
          </span>
        </>
      );
    case "ticket":
      return (
        <>
          <span className={css.sign}>
            <Icon name="ticket" size={20} />
          </span>
          <span className={css.text}>
            <span className={css.line}>
              <span className={css.name}>
                <Marked text={hit.title} spans={find(hit.title, query)} />
              </span>
              <span className={css.small}>{hit.number}</span>
              <When at={hit.at} />
            </span>
            <span className={css.said}>
              <span className={css.by}>
                {t(`ticket.state.${hit.state}`)} · {hit.department} ·{" "}
              </span>
              <Marked text={hit.text} spans={hit.marks} />
            </span>
          </span>
        </>
      );
    case "faq":
      return (
        <>
          <span className={css.sign}>
            <Icon name="book" size={20} />
          </span>
          <span className={css.text}>
            <span className={css.line}>
              <span className={css.name}>
                <Marked text={hit.question} spans={hit.question_marks} />
              </span>
              <span className={css.when}>{hit.faq_id}</span>
            </span>
            <span className={css.said}>
              {categoryText(hit.category)} · {hit.answer}
            </span>
          </span>
        </>
      );
  }
};

import type { FC, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MessageView } from "@/ipc/generated/MessageView";
import { cx } from "@/kit/cx";
import { Marked } from "@/kit/Marked";
import type { Span } from "@/kit/ranges";
import { useNow } from "@/lib/now";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import css from "./Said.module.css";

type Props = {
  message: MessageView;
  /** Words that were looked for. */
  spans?: readonly Span[];
  /** Where one wanted to come. */
  isSought: boolean;
  /** When, to the minute, whatever the day. */
  withTime?: boolean;
  /** What there is to say of it. */
  children?: ReactNode;
};

/** What somebody said, to be read only. */
export const Said: FC<Props> = ({ message, spans, isSought, withTime = false, children }) => {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const { at, author, author_name, file, masked } = message;
  const text = file?.name ?? message.text;
  const by = author === "colleague" && author_name !== "" ? author_name : t(`search.who_${author}`);
  const isToday = daysAgo(at, now) === 0;
  const date = dateText(at, now, i18n.language);
  return (
    <li
      className={cx(css.said, author !== "customer" && css.out, isSought && css.sought)}
      data-sought={isSought || undefined}
      data-seq={message.seq}
    >
      <p className={css.by}>
        {by}
        <span className="num">
          {isToday ? timeOfDay(at) : withTime ? `${date} ${timeOfDay(at)}` : date}
        </span>
      </p>
      <p className={css.words}>
        {spans ? (
          <Marked text={text} spans={spans} />
        ) : (
          <Marked
            text={text}
            spans={file ? [] : masked}
            look="veiled"
            title={t("conversation.masked")}
          />
        )}
      </p>
      {children}
    </li>
  );
};

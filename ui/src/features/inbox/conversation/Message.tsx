import { useQueryClient } from "@tanstack/react-query";
import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText, refusedText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationRow } from "@/ipc/generated/ConversationRow";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { OpId } from "@/ipc/generated/OpId";
import type { QuoteView } from "@/ipc/generated/QuoteView";
import { useConnection, useMe } from "@/ipc/queries";
import { LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { Marked } from "@/kit/Marked";
import { toast } from "@/kit/Notice";
import { find as findSpans } from "@/kit/ranges";
import { categoryText } from "@/lib/text";
import { dateText, timeOfDay } from "@/lib/time";
import { backToDraft } from "@/parts/drafts";
import { useName } from "@/parts/Person";
import { useRoutes } from "@/routes";
import { FileBubble } from "../files/FileBubble";
import { useDesk } from "../store";
import { Thumbs } from "../Thumbs";
import { useThumbs } from "../useThumbs";
import css from "./Message.module.css";
import { MessageActs } from "./MessageActs";
import { TicketLine, useTicketStep } from "./TicketLine";
import type { Item } from "./timeline";

type GroupProps = { group: Extract<Item, { kind: "group" }>; row: ConversationRow; find: string };

/** What one sender wrote in a row. */
export const Group: FC<GroupProps> = ({ group, row, find }) => {
  const { t } = useTranslation();
  const name = useName();
  const me = useMe();
  const { author, messages, at } = group;
  const by =
    author === "customer"
      ? name(row)
      : author === "bot"
        ? t("conversation.bot")
        : author === "me"
          ? (me?.display_name ?? "")
          : group.name;
  const lastShown = messages.findLast(({ seq }) => seq > 0)?.id;
  return (
    <div className={cx(css.group, author !== "customer" && css.out)} data-author={author}>
      <p className={css.by}>
        {group.note && (
          <span className={css.mark}>
            <Icon name="note" size={14} />
            {t("note.note")}
          </span>
        )}
        {author === "bot" && <Icon name="bot" size={14} />}
        {by} <span className="num">{timeOfDay(at)}</span>
      </p>
      {messages.map((message) => (
        <Bubble
          key={message.id}
          message={message}
          find={find}
          showDelivery={author === "me" && message.id === lastShown}
          conversationId={row.id}
        />
      ))}
    </div>
  );
};

type BubbleProps = {
  message: MessageView;
  find: string;
  showDelivery: boolean;
  conversationId: string;
};

const Bubble: FC<BubbleProps> = ({ message, find, showDelivery, conversationId }) => {
  const { t } = useTranslation();
  const waiting = message.delivery === "pending" && message.refused === null;
  const refused = message.refused !== null || message.delivery === "failed";
  const recalled = message.delivery === "recalled";
  const found = find.trim() === "" ? [] : findSpans(message.text, find);
  return (
    <article
      id={`m-${message.id}`}
      className={cx(
        css.msg,
        message.author === "bot" && css.bot,
        message.author === "customer" && css.in,
        (waiting || refused) && css.pending,
        message.note && css.note,
        recalled && css.recalled,
      )}
      data-testid={message.note ? "message-note" : `message-${message.author}`}
      data-seq={message.seq || undefined}
      data-delivery={refused ? "failed" : message.delivery}
    >
      {message.quote && <QuoteLine quote={message.quote} />}
      {message.file ? (
        <FileBubble file={message.file} message={message} conversationId={conversationId} />
      ) : (
        <p className={css.bubble}>
          {found.length > 0 ? (
            <Marked text={message.text} spans={found} />
          ) : (
            <Marked
              text={message.text === "" && recalled ? t("file.gone") : message.text}
              spans={message.masked}
              look="veiled"
              title={t("conversation.masked")}
            />
          )}
        </p>
      )}
      {message.source && (
        <SourceLine message={message} source={message.source} conversationId={conversationId} />
      )}
      {recalled && (
        <p className={css.foot} data-testid="recalled">
          <Icon name="undo" size={14} />
          {t("conversation.recalled")}
        </p>
      )}
      {message.note?.mentions_me && (
        <p className={cx(css.foot, css.waits)}>
          <Icon name="user" size={14} />
          {t("note.namesYou")}
        </p>
      )}
      {waiting && !recalled && <Waiting />}
      {!recalled && !refused && <MessageActs message={message} conversationId={conversationId} />}
      {refused && (
        <Refused code={message.refused} op={message.op_id} conversationId={conversationId} />
      )}
      {showDelivery &&
        !waiting &&
        !refused &&
        (message.delivery === "read" ||
          message.delivery === "delivered" ||
          message.delivery === "sent") && (
          <p className={css.foot}>
            <Icon name={message.delivery === "sent" ? "check" : "check2"} size={14} />
            {t(`conversation.${message.delivery}`)}
          </p>
        )}
    </article>
  );
};

const QuoteLine: FC<{ quote: QuoteView }> = ({ quote }) => {
  const { t } = useTranslation();
  const seek = (seq: number) => useRoutes.setState({ seek: seq });
  const by = quote.author_name || t(`author.${quote.author}`);
  return (
    <button
      type="button"
      className={css.quote}
      disabled={quote.seq === 0}
      onClick={() => seek(quote.seq)}
      data-testid="quote"
    >
      <span className="one">
        {quote.text === "" ? t("quote.gone") : `${by}${t("app.colon")}${quote.text}`}
      </span>
    </button>
  );
};

type SourceProps = {
  message: MessageView;
  source: NonNullable<MessageView["source"]>;
  conversationId: string;
};

const SourceLine: FC<SourceProps> = ({ message, source, conversationId }) => {
  const { t } = useTranslation();
  const set = useDesk((desk) => desk.set);
  const thumbs = useThumbs(conversationId);
  const what = { faqId: source.faq_id, answerId: message.id };
  return (
    <div className={css.foot}>
      <LinkButton
        onClick={() => set({ tab: "answers", faqQuery: source.question, assistOpen: true })}
      >
        {source.faq_id} {source.question}
      </LinkButton>
      <span>
        {t("conversation.version", { n: source.version })}
        <i className="sep" />
        {t("conversation.sure", { n: Math.round(source.confidence * 100) })}
      </span>
      {message.seq > 0 && (
        <Thumbs value={thumbs.of(what)} onMark={(thumb) => thumbs.mark(what, thumb)} />
      )}
    </div>
  );
};

const Waiting: FC = () => {
  const { t } = useTranslation();
  const offline = useConnection().data?.state === "offline";
  return (
    <p className={cx(css.foot, css.waits)} data-testid="message-pending">
      <Icon name="clock" size={14} />
      {t(offline ? "conversation.pendingOffline" : "conversation.pending")}
    </p>
  );
};

type RefusedProps = { code: MessageView["refused"]; op: OpId | null; conversationId: string };

const Refused: FC<RefusedProps> = ({ code, op, conversationId }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const seenSeq = useDesk((desk) => desk.seen[conversationId] ?? 0);
  const act = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => toast("danger", errorText(t, error)));
  return (
    <p className={cx(css.foot, css.failed)} data-testid="message-failed">
      <Icon name="warn" size={14} />
      <span>
        {t("conversation.failed")}
        {code && `${t("app.comma")}${refusedText(t, code)}`}
      </span>
      {op && (
        <>
          {/* Over messages that were not seen it goes by the bar above the composer only. */}
          {code !== "stale_reply" && (
            <LinkButton
              data-testid="retry"
              onClick={() => act(call("outbox.retry", { op_id: op, seen_seq: seenSeq }))}
            >
              {t("conversation.retry")}
            </LinkButton>
          )}
          <LinkButton
            data-testid="to-draft"
            onClick={() => act(backToDraft(client, op, conversationId))}
          >
            {t("conversation.toDraft")}
          </LinkButton>
        </>
      )}
    </p>
  );
};

/** Events that followed each other, in one grey line. */
export const Events: FC<{ messages: readonly MessageView[] }> = ({ messages }) => {
  const { t, i18n } = useTranslation();
  const ticketStep = useTicketStep();
  const openTicket = useRoutes((routes) => routes.openTicket);
  const words = ({ event }: MessageView): string => {
    if (!event) return "";
    switch (event.event) {
      case "handed_over":
        return t(`event.handed_over.${event.reason}`, { group: event.group });
      case "claimed":
        return t("event.claimed", { agent: event.agent });
      case "resolved":
        return event.agent === ""
          ? t("event.resolvedByBot")
          : t("event.resolved", { agent: event.agent });
      case "recalled":
        return t("event.recalled", { agent: event.agent });
      case "reopened":
        return t("event.reopened");
      case "resolve_undone":
        return t("event.resolveUndone", { agent: event.agent });
      case "left_message":
        return event.opens_at === null
          ? t("event.leftMessage", { group: event.group })
          : t("event.leftMessageUntil", {
              group: event.group,
              at: `${dateText(event.opens_at, event.opens_at, i18n.language)} ${timeOfDay(event.opens_at)}`,
            });
      case "drained":
        return t("event.drained");
      case "not_taken":
        return t(event.declined ? "event.declined" : "event.lapsed", { agent: event.agent });
      case "transferred":
        return event.note === ""
          ? t("event.transferred", { agent: event.agent, to: event.to })
          : t("event.transferredNote", {
              agent: event.agent,
              to: event.to,
              note: event.note,
            });
      case "taken_over":
        return event.from === ""
          ? t("event.takenOver", { agent: event.agent })
          : t("event.takenOverFrom", { agent: event.agent, from: event.from });
      case "snoozed":
        return t("event.snoozed", {
          agent: event.agent,
          at: `${dateText(event.until, event.until, i18n.language)} ${timeOfDay(event.until)}`,
        });
      case "returned":
        return t(`event.returned.${event.reason}`, { agent: event.agent });
      case "taken_back":
        return t("event.takenBack", { agent: event.agent });
      case "woken":
        return t("event.woken");
      case "prioritised":
        return t("event.prioritised", {
          agent: event.agent,
          priority: t(`priority.${event.to}`),
        });
      case "categorised":
        return event.to === ""
          ? t("event.uncategorised", { agent: event.agent })
          : t("event.categorised", { agent: event.agent, category: categoryText(event.to) });
      case "ticket":
        return ticketStep(event);
      case "survey":
        if (event.score === null) return t("event.surveyAsked");
        return event.comment === ""
          ? t("event.rated", { n: event.score })
          : t("event.ratedComment", { n: event.score, comment: event.comment });
    }
  };
  return (
    <p className={css.sys} data-testid="message-system">
      {messages.map((message, at) => (
        <span key={message.id} data-seq={message.seq}>
          {at > 0 && <i className="sep" />}
          <span className="num">{timeOfDay(message.at)}</span>{" "}
          {message.event?.event === "ticket" ? (
            <TicketLine event={message.event} words={words(message)} onOpen={openTicket} />
          ) : (
            words(message)
          )}
        </span>
      ))}
    </p>
  );
};

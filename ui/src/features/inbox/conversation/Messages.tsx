import {
  type FC,
  Fragment,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "@/hotkeys";
import { call } from "@/ipc/call";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import type { MessageView } from "@/ipc/generated/MessageView";
import type { Thumb } from "@/ipc/generated/Thumb";
import { LinkButton } from "@/kit/Button";
import { Icon } from "@/kit/Icon";
import { useSnug } from "@/kit/snug";
import { useNow } from "@/lib/now";
import { dateText, daysAgo } from "@/lib/time";
import { useRoutes } from "@/routes";
import { useDesk } from "../store";
import { useThumbs } from "../useThumbs";
import { Events, Group } from "./Message";
import css from "./Messages.module.css";
import { timeline } from "./timeline";
import type { useMessages } from "./useMessages";

/** How near to an edge counts as being there, in px. */
const NEAR = 24;
const FETCH_NEAR = 240;
const SEEK_PAGE = 200;

/** 赞 and 踩 of the last answer that came from the knowledge, by key. */
function useAnswerThumbs(id: ConversationId, messages: readonly MessageView[]): void {
  const thumbs = useThumbs(id);
  const last = messages.findLast(({ source, seq }) => source !== null && seq > 0);
  const mark = (thumb: Thumb) => {
    if (last?.source) thumbs.mark({ faqId: last.source.faq_id, answerId: last.id }, thumb);
  };
  useAction("answerUp", () => mark("up"), last !== undefined);
  useAction("answerDown", () => mark("down"), last !== undefined);
}

type Props = { view: ConversationView; all: ReturnType<typeof useMessages> };

/**
 * The messages, newest at the bottom. The box is laid out from its end, so that it stays at the
 * bottom when something comes in or the composer grows, and keeps its place when older ones arrive.
 */
export const Messages: FC<Props> = ({ view, all }) => {
  const { t } = useTranslation();
  const { messages, hasOlder, loading, loadOlder } = all;
  const box = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [unseen, setUnseen] = useState(false);
  const { id, unread, handler } = view.row;
  const see = useDesk((desk) => desk.see);
  const find = useDesk((desk) => desk.find);
  useAnswerThumbs(id, messages);

  useSnug(box, "article > :first-child");
  useKeepPlace(box, atEnd, view.last_seq, () => setUnseen(true));
  useSeek(
    messages.map(({ seq }) => seq),
    hasOlder,
    loading,
    loadOlder,
  );
  useEffect(() => {
    const look = () => {
      if (!atEnd || document.visibilityState !== "visible") return;
      see(id, view.last_seq);
      if (unread > 0 && handler.kind === "me" && document.hasFocus()) {
        // A read mark that fails is set by the next message or the next look.
        void call("conversation.read", { conversation_id: id, seq: view.last_seq }).catch(
          () => undefined,
        );
      }
    };
    look();
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [atEnd, id, view.last_seq, unread, handler.kind, see]);

  const written = messages.findLast(({ author, seq }) => author === "me" && seq === 0)?.id;
  useEffect(() => {
    if (written && box.current) box.current.scrollTop = 0;
  }, [written]);

  const onScroll = () => {
    const node = box.current;
    if (!node) return;
    const end = node.scrollTop > -NEAR;
    setAtEnd(end);
    if (end) setUnseen(false);
    if (
      node.scrollHeight - node.clientHeight + node.scrollTop < FETCH_NEAR &&
      node.scrollTop < -NEAR
    )
      loadOlder();
  };
  const toEnd = () => {
    if (box.current) box.current.scrollTop = 0;
    setUnseen(false);
  };

  return (
    <div className={css.frame}>
      <div
        ref={box}
        className={`${css.body} scroll`}
        role="log"
        aria-label={t("conversation.messages")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
        tabIndex={0}
        onScroll={onScroll}
        data-testid="messages"
      >
        <div className={css.messages}>
          {loading ? (
            <p className={css.top}>
              <Icon name="sync" size={14} />
              {t("conversation.loadingOlder")}
            </p>
          ) : hasOlder ? (
            <p className={css.top}>
              <LinkButton onClick={() => loadOlder()} data-testid="load-older">
                {t("conversation.loadOlder")}
              </LinkButton>
            </p>
          ) : null}
          {timeline(messages).map((item) => (
            <Fragment key={item.key}>
              {item.kind === "day" && <Day at={item.at} />}
              {item.kind === "events" && <Events messages={item.messages} />}
              {item.kind === "group" && <Group group={item} row={view.row} find={find ?? ""} />}
            </Fragment>
          ))}
        </div>
      </div>
      {unseen && !atEnd && (
        <button type="button" className={css.pill} onClick={toEnd} data-testid="new-messages">
          <Icon name="down" size={14} />
          {t("conversation.newMessages")}
        </button>
      )}
    </div>
  );
};

const Day: FC<{ at: number }> = ({ at }) => {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const date = dateText(at, now, i18n.language);
  const ago = daysAgo(at, now);
  return (
    <div className={css.day}>
      {ago === 0 ? t("time.today", { date }) : ago === 1 ? t("time.yesterday", { date }) : date}
    </div>
  );
};

/** Holds what is being read in place while new messages come in below. */
function useKeepPlace(
  box: RefObject<HTMLDivElement | null>,
  atEnd: boolean,
  lastSeq: number,
  onNew: () => void,
): void {
  const before = useRef({ height: 0, seq: lastSeq });
  useLayoutEffect(() => {
    const node = box.current;
    if (!node) return;
    if (before.current.seq !== lastSeq && !atEnd) {
      node.scrollTop -= node.scrollHeight - before.current.height;
      onNew();
    }
    before.current = { height: node.scrollHeight, seq: lastSeq };
  });
}

/** Goes to the message that a search found, fetching older ones until it is there. */
function useSeek(
  seqs: readonly number[],
  hasOlder: boolean,
  loading: boolean,
  loadOlder: (limit?: number) => void,
): void {
  const { seek, sought } = useRoutes();
  useEffect(() => {
    if (seek === null) return;
    const target = document.querySelector(`[data-seq="${seek}"]`);
    if (target) {
      target.scrollIntoView({ block: "center" });
      target.classList.add(css.sought ?? "");
      sought();
    } else if (hasOlder && (seqs[0] ?? 0) > seek) {
      if (!loading) loadOlder(SEEK_PAGE);
    } else {
      sought();
    }
  }, [seek, seqs, hasOlder, loading, loadOlder, sought]);
}

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
import { oldestSeq, timeline } from "./timeline";
import { useLastMessageActs } from "./useMessageActs";
import type { useMessages } from "./useMessages";
import { Whisper } from "./Whisper";

/** How near to an edge counts as being there, in px. */
const NEAR = 24;
const FETCH_NEAR = 240;

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
  const { messages, hasOlder, isLatest, loading, loadOlder, loadNewer, jump, toLatest } = all;
  const box = useRef<HTMLDivElement>(null);
  const [low, setLow] = useState(true);
  const atEnd = low && isLatest;
  const [unseen, setUnseen] = useState(false);
  const { id, unread, handler } = view.row;
  const see = useDesk((desk) => desk.see);
  const find = useDesk((desk) => desk.find);
  useAnswerThumbs(id, messages);
  useLastMessageActs(id, messages);
  const mentions = view.row.mentions ?? 0;

  useSnug(box, "article > :first-child");
  const keepPlace = useKeepPlace(box, atEnd);
  const keepPlaceNow = useRef(keepPlace);
  useEffect(() => {
    keepPlaceNow.current = keepPlace;
  });
  useSeek(loading, jump, keepPlace);
  const [known, setKnown] = useState(view.last_seq);
  if (known !== view.last_seq) {
    setKnown(view.last_seq);
    if (!atEnd) setUnseen(true);
  }
  useEffect(() => {
    const look = () => {
      if (!atEnd || document.visibilityState !== "visible") return;
      see(id, view.last_seq);
      const isMine = unread > 0 && handler.kind === "me";
      if ((isMine || mentions > 0) && document.hasFocus()) {
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
  }, [atEnd, id, view.last_seq, unread, mentions, handler.kind, see]);

  const written = view.messages.findLast(({ author, seq }) => author === "me" && seq === 0)?.id;
  const [sent, setSent] = useState(written);
  if (written !== sent) {
    // What the agent writes is shown, wherever they read.
    setSent(written);
    if (written && !isLatest) toLatest();
  }
  useEffect(() => {
    if (written && box.current) box.current.scrollTop = 0;
    keepPlaceNow.current();
  }, [written]);

  const onScroll = () => {
    const node = box.current;
    if (!node) return;
    keepPlace();
    const isLow = node.scrollTop > -NEAR;
    setLow(isLow);
    if (isLow && isLatest) setUnseen(false);
    const above = node.scrollHeight - node.clientHeight + node.scrollTop;
    if (above < FETCH_NEAR && node.scrollTop < -NEAR) loadOlder();
    else if (node.scrollTop > -FETCH_NEAR && !isLatest) loadNewer();
  };
  const toEnd = () => {
    toLatest();
    if (box.current) box.current.scrollTop = 0;
    keepPlace();
    setLow(true);
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
          {timeline(messages, whispersOf(view, messages, isLatest)).map((item) => (
            <Fragment key={item.key}>
              {item.kind === "day" && <Day at={item.at} />}
              {item.kind === "whisper" && <Whisper whisper={item.whisper} />}
              {item.kind === "events" && <Events messages={item.messages} />}
              {item.kind === "group" && <Group group={item} row={view.row} find={find ?? ""} />}
            </Fragment>
          ))}
        </div>
      </div>
      {((unseen && !atEnd) || !isLatest) && (
        <button type="button" className={css.pill} onClick={toEnd} data-testid="new-messages">
          <Icon name="down" size={14} />
          {t(unseen ? "conversation.newMessages" : "conversation.toLatest")}
        </button>
      )}
    </div>
  );
};

/** Those that were said between the messages that are shown. */
const whispersOf = (
  view: ConversationView,
  messages: readonly MessageView[],
  isLatest: boolean,
) => {
  const first = oldestSeq(messages);
  const last = messages.at(-1)?.seq ?? 0;
  return (view.whispers ?? []).filter(
    ({ after_seq }) => after_seq >= first - 1 && (isLatest || after_seq < last),
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

/**
 * Holds what is being read in place while messages come in or go, above or below. Gives what is to
 * be called when the reader moves.
 */
function useKeepPlace(box: RefObject<HTMLDivElement | null>, atEnd: boolean): () => void {
  const anchor = useRef<{ id: string; top: number } | null>(null);
  const remember = () => {
    anchor.current = box.current ? firstInSight(box.current) : null;
  };
  useLayoutEffect(() => {
    const node = box.current;
    const held = anchor.current && document.getElementById(anchor.current.id);
    if (node && held && anchor.current && !atEnd) {
      const moved = held.getBoundingClientRect().top - anchor.current.top;
      if (Math.abs(moved) >= 1) node.scrollTop += moved;
    }
    remember();
  });
  return remember;
}

/** The first message that is in sight, and where it stands; by halves, for there may be hundreds. */
function firstInSight(node: HTMLElement): { id: string; top: number } | null {
  const all = node.querySelectorAll("article[id]");
  const edge = node.getBoundingClientRect().top;
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const below = (all[middle]?.getBoundingClientRect().bottom ?? edge) > edge;
    if (below) high = middle;
    else low = middle + 1;
  }
  const first = all[low];
  return first ? { id: first.id, top: first.getBoundingClientRect().top } : null;
}

/** Goes to the message that a search found: to the part of the thread where it is, then to itself. */
function useSeek(loading: boolean, jump: (seq: number) => void, keepPlace: () => void): void {
  const { seek, sought } = useRoutes();
  const asked = useRef<number | null>(null);
  useEffect(() => {
    if (seek === null) {
      asked.current = null;
      return;
    }
    const target = document.querySelector(`[data-seq="${seek}"]`);
    if (target) {
      for (const other of document.querySelectorAll(`.${css.sought}`))
        other.classList.remove(css.sought ?? "");
      target.scrollIntoView({ block: "center" });
      target.classList.add(css.sought ?? "");
      keepPlace();
      sought();
    } else if (asked.current !== seek) {
      asked.current = seek;
      jump(seek);
    } else if (!loading) {
      // It is no bubble but an event line, or no more here.
      sought();
    }
  });
}

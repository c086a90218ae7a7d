import { useQueryClient } from "@tanstack/react-query";
import {
  type FC,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
} from "react";
import { useTranslation } from "react-i18next";
import { run, useAction } from "@/hotkeys";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { Button, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";
import { flush, keepCaret, leftOver, useDrafts, write } from "@/parts/drafts";
import { useDesk } from "../store";
import css from "./Composer.module.css";
import { MAX_BYTES, useReply } from "./useReply";

const TELL_TYPING_MS = 3_000;
const SHOW_BYTES_FROM = MAX_BYTES * 0.8;
const MAX_HEIGHT = 240;

/** Where a reply is written. Enter sends, Shift+Enter breaks, and an input method is left alone. */
export const Composer: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = view.row.id;
  const area = useRef<HTMLTextAreaElement>(null);
  const told = useRef(0);
  const draft = useDrafts(({ drafts }) => drafts[id]);
  const text = draft?.text ?? view.draft;
  const source = draft?.source ?? null;
  const seenSeq = useDesk((desk) => desk.seen[id] ?? 0);
  const { busy, send } = useReply(view.row.id);
  const bytes = byteLength(text);
  const allowed = view.reply.kind === "allowed" || view.reply.kind === "claims";
  const sendable = allowed && !busy && text.trim() !== "" && bytes <= MAX_BYTES;

  useAutoHeight(area, text);
  useAdoptDraft(view);
  useAction("reply", () => area.current?.focus(), allowed);
  useEffect(() => {
    area.current?.focus();
    return () => void flush(id);
  }, [id]);

  const submit = () => {
    if (sendable) void send({ text: text.trim(), source, fromComposer: true, seenSeq });
  };
  const change = (next: string) => {
    write(client, id, { text: next, source: leftOver(text, next) ? source : null });
    if (next.trim() === "" || Date.now() - told.current < TELL_TYPING_MS) return;
    told.current = Date.now();
    // Told as a courtesy; nothing hangs on it.
    void call("conversation.typing", { conversation_id: id }).catch(() => undefined);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composing(event.nativeEvent)) return;
    if (event.key === "Escape") run("list");
    if (
      event.key === "Enter" &&
      !event.shiftKey &&
      !event.altKey &&
      !event.ctrlKey &&
      !event.metaKey
    ) {
      event.preventDefault();
      submit();
    }
  };

  if (!allowed && text === "") return <Why view={view} />;
  return (
    <>
      <div className={cx(css.composer, !allowed && css.closed)}>
        <textarea
          ref={area}
          className={css.text}
          rows={1}
          aria-label={t("composer.label")}
          placeholder={t(
            view.reply.kind === "claims" ? "composer.placeholderClaims" : "composer.placeholder",
          )}
          value={text}
          readOnly={!allowed}
          onChange={(event) => change(event.currentTarget.value)}
          onSelect={(event) => keepCaret(id, event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          data-testid="composer"
        />
        {bytes > MAX_BYTES && (
          <p className={css.check} role="status">
            <Icon name="warn" size={14} />
            {t("composer.tooLong", { n: bytes - MAX_BYTES })}
          </p>
        )}
        <div className={css.bar}>
          {source ? (
            <span className={css.source}>
              <Icon name="book" size={14} />
              <span className="one">
                {t("composer.from", { id: source.faq_id, version: source.version })}
              </span>
              <LinkButton
                aria-label={t("composer.clearFrom")}
                title={t("composer.clearFrom")}
                onClick={() => write(client, id, { text, source: null })}
              >
                <Icon name="x" size={12} />
              </LinkButton>
            </span>
          ) : (
            <span className={cx(css.hint, "one")}>{t("composer.newline")}</span>
          )}
          <span className="grow" />
          {bytes > SHOW_BYTES_FROM && (
            <span className={cx(css.hint, "num")}>
              {t("composer.bytes", { n: bytes.toLocaleString(), max: MAX_BYTES.toLocaleString() })}
            </span>
          )}
          <Button
            look="primary"
            keys="Enter"
            disabled={!sendable}
            onClick={submit}
            data-testid="send"
          >
            {t("composer.send")}
          </Button>
        </div>
      </div>
      {!allowed && <Why view={view} />}
    </>
  );
};

const Why: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const held = view.reply.kind === "held_by" ? view.reply.name : null;
  return (
    <p className={css.why} role="status" data-testid="composer-closed">
      <Icon name={held ? "lock" : "check"} size={14} />
      {held ? t("composer.heldBy", { name: held }) : t("composer.ended")}
    </p>
  );
};

/** Grows with the text, up to a part of the window. The height is set through the CSSOM. */
function useAutoHeight(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const node = area.current;
    if (!node) return;
    node.style.setProperty("height", "auto");
    const height = Math.min(node.scrollHeight, MAX_HEIGHT, Math.max(48, window.innerHeight * 0.35));
    node.style.setProperty("height", text === "" ? "auto" : `${height}px`);
  }, [area, text]);
}

/** Takes over a draft that changed elsewhere, unless something else is being written here. */
function useAdoptDraft(view: ConversationView): void {
  const id = view.row.id;
  const known = useRef(view.draft);
  const set = useDrafts((drafts) => drafts.set);
  useEffect(() => {
    if (view.draft === known.current) return;
    const here = useDrafts.getState().drafts[id];
    if (here && here.text === known.current) set(id, { text: view.draft, source: null });
    known.current = view.draft;
  }, [id, view.draft, set]);
}

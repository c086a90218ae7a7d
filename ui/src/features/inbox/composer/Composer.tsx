import { useQueryClient } from "@tanstack/react-query";
import { type FC, type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run, useAction } from "@/hotkeys";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { Button, IconButton, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";
import { select } from "@/lib/typed";
import { flush, isSaving, keepCaret, leftOver, useDrafts, write } from "@/parts/drafts";
import { StagedBar } from "../files/StagedBar";
import { useDrop } from "../files/useDrop";
import { filesOf, useStaged } from "../files/useStaged";
import { useDesk } from "../store";
import { AlongBar } from "./Along";
import { CANNED_LIST, CannedList } from "./CannedList";
import css from "./Composer.module.css";
import { nextPrompt, promptsOf } from "./canned";
import { ModeSwitch } from "./ModeSwitch";
import { NoteBox } from "./NoteBox";
import { Observing } from "./Observing";
import { mayWhisper, useAlong, useComposing } from "./store";
import { useAutoHeight } from "./useAutoHeight";
import { MAX_BYTES, useReply } from "./useReply";
import { useSlash } from "./useSlash";
import { WhisperBox } from "./WhisperBox";

const TELL_TYPING_MS = 3_000;
const SHOW_BYTES_FROM = MAX_BYTES * 0.8;

/** Where a reply is written, a note to colleagues, or a whisper. */
export const Composer: FC<{ view: ConversationView }> = ({ view }) => {
  const { id } = view.row;
  const { note, whisper } = useAlong(id);
  const whispers = mayWhisper(view);
  const change = useComposing((composing) => composing.change);
  useAction("note", () => change(id, { note: !note, whisper: false }));
  useAction("whisper", () => change(id, { whisper: !whisper, note: false }), whispers);
  if (note) return <NoteBox view={view} />;
  return whisper && whispers ? <WhisperBox view={view} /> : <Reply view={view} />;
};

/** Enter sends, Shift+Enter breaks, / finds a canned reply, and an input method is left alone. */
const Reply: FC<{ view: ConversationView }> = ({ view }) => {
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
  const files = useStaged(id);
  const picker = useRef<HTMLInputElement>(null);
  const hasFiles = files.files.length > 0;
  const ready = !busy && files.coming.length === 0 && bytes <= MAX_BYTES;
  const sendable = allowed && ready && (text.trim() !== "" || hasFiles);

  const put = (next: string) => write(client, id, { text: next, source });
  const slash = useSlash(id, area, text, put);
  const open = promptsOf(text);

  useAutoHeight(area, text);
  useAdoptDraft(view);
  useAction("canned", slash.open, allowed);
  useAction("reply", () => area.current?.focus(), allowed);
  useAction("attach", () => picker.current?.click(), allowed);
  useEffect(() => {
    area.current?.focus();
    return () => void flush(id);
  }, [id]);

  /** The words first, then what they are about. */
  const sendAll = async () => {
    const clean = text.trim();
    const said = clean === "" || (await send({ text: clean, source, fromComposer: true, seenSeq }));
    if (said && hasFiles) await files.sendAll(seenSeq);
  };
  const take = (data: DataTransfer | null): boolean => {
    const chosen = filesOf(data);
    if (!allowed || chosen.length === 0) return false;
    files.add(chosen);
    return true;
  };
  const dropping = useDrop(take, allowed);
  const submit = () => {
    const [first] = open;
    if (first && sendable) {
      // What is sent with a place that nobody filled in cannot be taken back unseen.
      toast("warning", t("canned.open", { n: open.length }));
      select(area, first.start, first.end);
    } else if (sendable) void sendAll();
  };
  const change = (next: string) => {
    write(client, id, { text: next, source: leftOver(text, next) ? source : null });
    if (next.trim() === "" || Date.now() - told.current < TELL_TYPING_MS) return;
    told.current = Date.now();
    // Told as a courtesy; nothing hangs on it.
    void call("conversation.typing", { conversation_id: id }).catch(() => undefined);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composing(event.nativeEvent) || slash.onKeyDown(event)) return;
    if (event.key === "Escape") run("list");
    if (event.key === "Tab" && open.length > 0 && !event.altKey && !event.ctrlKey) {
      const { selectionStart, selectionEnd } = event.currentTarget;
      const place = event.shiftKey
        ? nextPrompt(text, selectionStart, -1)
        : nextPrompt(text, selectionEnd, 1);
      if (place) {
        event.preventDefault();
        event.currentTarget.setSelectionRange(place.start, place.end);
      }
    }
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

  if (!allowed && text === "" && view.supervise?.watches) return <Observing view={view} />;
  if (!allowed && text === "")
    return (
      <div className={css.shut}>
        <Why view={view} />
        <ModeSwitch view={view} mode="reply" />
      </div>
    );
  return (
    <>
      <div className={cx(css.composer, !allowed && css.closed, dropping && css.dropping)}>
        {slash.typed && <CannedList slash={slash} />}
        <AlongBar view={view} />
        <StagedBar {...files} />
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
          aria-controls={slash.typed ? CANNED_LIST : undefined}
          aria-activedescendant={slash.typed ? `${CANNED_LIST}-${slash.active}` : undefined}
          onChange={(event) => {
            const { value, selectionStart } = event.currentTarget;
            change(value);
            slash.look(value, selectionStart);
          }}
          onBlur={slash.close}
          onPaste={(event) => {
            if (take(event.clipboardData)) event.preventDefault();
          }}
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
          <ModeSwitch view={view} mode="reply" />
          <IconButton
            icon="slash"
            size="sm"
            label={`${t("action.canned")} (${keyText("canned")})`}
            disabled={!allowed}
            onClick={slash.open}
            data-testid="open-canned"
          />
          <IconButton
            icon="clip"
            size="sm"
            label={`${t("action.attach")} (${keyText("attach")})`}
            disabled={!allowed}
            onClick={() => picker.current?.click()}
            data-testid="attach"
          />
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              files.add(Array.from(event.currentTarget.files ?? []));
              event.currentTarget.value = "";
              area.current?.focus();
            }}
            data-testid="file-picker"
          />
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
            <span className={cx(css.hint, css.whole)}>
              <span>{t(dropping ? "file.dropHere" : "composer.newline")}</span>
            </span>
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

/** Takes over a draft that changed elsewhere, unless something else is being written here. */
function useAdoptDraft(view: ConversationView): void {
  const id = view.row.id;
  const known = useRef(view.draft);
  const set = useDrafts((drafts) => drafts.set);
  useEffect(() => {
    if (view.draft === known.current || isSaving(id)) return;
    const here = useDrafts.getState().drafts[id];
    if (here && here.text === known.current) set(id, { text: view.draft, source: null });
    known.current = view.draft;
  }, [id, view.draft, set]);
}

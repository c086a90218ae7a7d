import { useQueryClient } from "@tanstack/react-query";
import { type FC, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { keys } from "@/ipc/keys";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { toast } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";
import { uuidv7 } from "@/lib/uuid";
import css from "./Composer.module.css";
import { ModeSwitch } from "./ModeSwitch";
import { useAutoHeight } from "./useAutoHeight";
import { useWhisper } from "./useWhisper";

const MAX_BYTES = 4_000;

/** Where a lead whispers to the agent, or the agent to the leads. Nobody else hears it. */
export const WhisperBox: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { id, handler } = view.row;
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, write, forget, said } = useWhisper(view);
  const [busy, setBusy] = useState(false);
  const attempt = useRef<{ text: string; id: string } | null>(null);
  const bytes = byteLength(text);
  const ready = !busy && text.trim() !== "" && bytes <= MAX_BYTES;
  const to = handler.kind === "colleague" ? handler.name : t("whisper.leads");
  useAutoHeight(area, text);
  useAction("reply", () => area.current?.focus());
  useEffect(() => area.current?.focus(), []);

  const submit = async () => {
    if (!ready) return;
    const words = text.trim();
    setBusy(true);
    forget();
    if (attempt.current?.text !== words) attempt.current = { text: words, id: uuidv7() };
    try {
      const next = await call("whisper.send", {
        conversation_id: id,
        whisper_id: attempt.current.id,
        text: words,
      });
      attempt.current = null;
      client.setQueryData(keys.conversation(id), next);
      said();
    } catch (error) {
      write(text);
      toast("danger", errorText(t, error));
    }
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composing(event.nativeEvent)) return;
    if (event.key === "Escape") run("whisper");
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      void submit();
    }
  };
  return (
    <div className={cx(css.composer, css.whisper)}>
      <textarea
        ref={area}
        className={css.text}
        rows={1}
        aria-label={t("whisper.label")}
        placeholder={t("whisper.placeholder", { to })}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        data-testid="whisper"
      />
      <div className={css.bar}>
        <ModeSwitch view={view} mode="whisper" />
        {bytes > MAX_BYTES ? (
          <span className={cx(css.hint, "one")}>
            {t("composer.tooLong", { n: bytes - MAX_BYTES })}
          </span>
        ) : (
          <span className={cx(css.hint, css.whole)}>
            <span>{t("whisper.hint")}</span>
          </span>
        )}
        <span className="grow" />
        <Button
          look="primary"
          keys="Enter"
          disabled={!ready}
          onClick={() => void submit()}
          data-testid="send-whisper"
        >
          {t("whisper.send")}
        </Button>
      </div>
      <span className="sr">{keyText("whisper")}</span>
    </div>
  );
};

import { type FC, type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run, useAction } from "@/hotkeys";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { useColleagues } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";
import { useMentions } from "@/parts/useMentions";
import css from "./Composer.module.css";
import { ModeSwitch } from "./ModeSwitch";
import { useAutoHeight } from "./useAutoHeight";
import { useNote } from "./useNote";
import { MAX_BYTES } from "./useReply";

/** Where a note to colleagues is written. @ names one, who is told. */
export const NoteBox: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const { id } = view.row;
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, write, busy, add } = useNote(view);
  const { data } = useColleagues(id);
  const mentions = useMentions({ area, text, write, colleagues: data?.items ?? [] });
  const { named } = mentions;
  const bytes = byteLength(text);
  const ready = !busy && text.trim() !== "" && bytes <= MAX_BYTES;
  const submit = () => {
    if (ready)
      void add(
        text.trim(),
        named.map((colleague) => colleague.id),
      );
  };
  useAutoHeight(area, text);
  useAction("reply", () => area.current?.focus());
  useEffect(() => area.current?.focus(), []);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (composing(event.nativeEvent) || mentions.onKeyDown(event)) return;
    if (event.key === "Escape") run("note");
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      submit();
    }
  };
  return (
    <div className={cx(css.composer, css.note)}>
      {mentions.list}
      <textarea
        ref={area}
        className={css.text}
        rows={1}
        aria-label={t("note.label")}
        placeholder={t("note.placeholder")}
        value={text}
        {...mentions.box}
        onKeyDown={onKeyDown}
        data-testid="note"
      />
      <div className={css.bar}>
        <ModeSwitch view={view} mode="note" />
        <span className={cx(css.hint, "one")}>
          {named.length > 0
            ? t("note.tells", { names: named.map(({ name }) => name).join("、") })
            : t("note.hint")}
        </span>
        <span className="grow" />
        <Button
          look="primary"
          keys="Enter"
          disabled={!ready}
          onClick={submit}
          data-testid="add-note"
        >
          {t("note.add")}
        </Button>
      </div>
      <span className="sr">{keyText("note")}</span>
    </div>
  );
};

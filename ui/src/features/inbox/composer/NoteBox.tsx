import { type FC, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, run, useAction } from "@/hotkeys";
import type { ColleagueView } from "@/ipc/generated/ColleagueView";
import type { ConversationView } from "@/ipc/generated/ConversationView";
import { useColleagues } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { PresenceMark } from "@/kit/Marks";
import { Suggest, useSuggest } from "@/kit/Suggest";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";
import css from "./Composer.module.css";
import { atWord, type Typed } from "./canned";
import { ModeSwitch } from "./ModeSwitch";
import { useAutoHeight } from "./useAutoHeight";
import { useNote } from "./useNote";
import { MAX_BYTES } from "./useReply";
import { select } from "./useSlash";

const LIST = "mention-list";

/** Where a note to colleagues is written. @ names one, who is told. */
export const NoteBox: FC<{ view: ConversationView }> = ({ view }) => {
  const { t } = useTranslation();
  const { id } = view.row;
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, write, busy, add } = useNote(view);
  const [typed, setTyped] = useState<Typed | null>(null);
  const { data } = useColleagues(id);
  const colleagues = data?.items ?? [];
  const word = typed?.word.toLowerCase() ?? "";
  const items = typed
    ? colleagues.filter(
        ({ name, username }) =>
          name.toLowerCase().includes(word) || username.toLowerCase().includes(word),
      )
    : [];
  const pick = ({ name }: ColleagueView) => {
    if (!typed) return;
    const end = typed.from + typed.word.length + 1;
    const words = `@${name} `;
    write(text.slice(0, typed.from) + words + text.slice(end));
    setTyped(null);
    select(area, typed.from + words.length);
  };
  const suggest = useSuggest(typed !== null && items.length > 0, items, pick, () => setTyped(null));
  const bytes = byteLength(text);
  const ready = !busy && text.trim() !== "" && bytes <= MAX_BYTES;
  const named = colleagues.filter(({ name }) => text.includes(`@${name}`));
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
    if (composing(event.nativeEvent) || suggest.onKeyDown(event)) return;
    if (event.key === "Escape") run("note");
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      submit();
    }
  };
  const open = typed !== null && items.length > 0;
  return (
    <div className={cx(css.composer, css.note)}>
      {open && (
        <Suggest
          id={LIST}
          label={t("note.mention")}
          items={items}
          keyOf={(colleague) => colleague.id}
          active={suggest.active}
          onActive={suggest.setActive}
          onPick={pick}
          render={({ name, username, presence }) => (
            <span className="hstack" data-testid="mention">
              <PresenceMark shape={presence} />
              <span>{name}</span>
              <span className="small muted">{username}</span>
            </span>
          )}
          emptyText={t("note.nobody")}
          testId="mentions"
        />
      )}
      <textarea
        ref={area}
        className={css.text}
        rows={1}
        aria-label={t("note.label")}
        placeholder={t("note.placeholder")}
        aria-controls={open ? LIST : undefined}
        aria-activedescendant={open ? `${LIST}-${suggest.active}` : undefined}
        value={text}
        onChange={(event) => {
          const { value, selectionStart } = event.currentTarget;
          write(value);
          setTyped(atWord(value, selectionStart));
        }}
        onBlur={() => setTyped(null)}
        onKeyDown={onKeyDown}
        data-testid="note"
      />
      <div className={css.bar}>
        <ModeSwitch id={id} note />
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

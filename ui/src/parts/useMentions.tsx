import { type ChangeEvent, type KeyboardEvent, type RefObject, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ColleagueView } from "@/ipc/generated/ColleagueView";
import { PresenceMark } from "@/kit/Marks";
import { Suggest, useSuggest } from "@/kit/Suggest";
import { atWord, namedIn, select, type Typed } from "@/lib/typed";

type Args = {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  write: (text: string) => void;
  /** Who may be named. */
  colleagues: readonly ColleagueView[];
};

/**
 * A text in which @ names a colleague, who is told. `list` stands over the text box, `box` goes to
 * it, and `onKeyDown` says whether the key was for the list.
 */
export function useMentions({ area, text, write, colleagues }: Args) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState<Typed | null>(null);
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
  const open = typed !== null && items.length > 0;
  const suggest = useSuggest(open, items, pick, () => setTyped(null));
  return {
    named: namedIn(text, colleagues),
    onKeyDown: (event: KeyboardEvent) => suggest.onKeyDown(event),
    box: {
      "aria-controls": open ? id : undefined,
      "aria-activedescendant": open ? `${id}-${suggest.active}` : undefined,
      onChange: (event: ChangeEvent<HTMLTextAreaElement>) => {
        const { value, selectionStart } = event.currentTarget;
        write(value);
        setTyped(atWord(value, selectionStart));
      },
      onBlur: () => setTyped(null),
    },
    list: open && (
      <Suggest
        id={id}
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
    ),
  };
}

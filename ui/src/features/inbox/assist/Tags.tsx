import { type FC, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { composing } from "@/lib/ime";
import { useNoneTicked } from "../list/selection";
import css from "./Properties.module.css";

const MAX_CHARS = 24;

type Props = {
  tags: readonly string[];
  editable: boolean;
  onAdd: (tag: string) => Promise<void>;
  onRemove: (tag: string) => Promise<void>;
};

/** Tags as chips. Enter adds what is typed; Backspace in the empty field goes to the last chip. */
export const Tags: FC<Props> = ({ tags, editable, onAdd, onRemove }) => {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const alone = useNoneTicked();
  useAction("tag", () => field.current?.focus(), editable && alone);

  const add = () => {
    const tag = typed.trim();
    if (tag === "") return;
    setTyped("");
    if (!tags.includes(tag)) void onAdd(tag);
  };
  const remove = (tag: string) => {
    field.current?.focus();
    void onRemove(tag);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (composing(event.nativeEvent)) return;
    if (event.key === "Enter" || event.key === "," || event.key === "，") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && typed === "") {
      const chips = box.current?.querySelectorAll<HTMLElement>("button");
      chips?.[chips.length - 1]?.focus();
    } else if (event.key === "Escape" && typed !== "") {
      event.stopPropagation();
      setTyped("");
    }
  };
  const onChipKey = (event: KeyboardEvent<HTMLButtonElement>, tag: string) => {
    if (event.key !== "Backspace" && event.key !== "Delete") return;
    event.preventDefault();
    remove(tag);
  };
  return (
    <div ref={box} className={css.tags} data-testid="tags">
      {tags.map((tag) => (
        <span key={tag} className={cx(css.chip, !editable && css.fixed)} data-testid="tag">
          <span className="one">{tag}</span>
          {editable && (
            <button
              type="button"
              className={css.remove}
              aria-label={t("property.removeTag", { tag })}
              onClick={() => remove(tag)}
              onKeyDown={(event) => onChipKey(event, tag)}
            >
              <Icon name="x" size={12} />
            </button>
          )}
        </span>
      ))}
      {editable && (
        <input
          ref={field}
          className={css.add}
          aria-label={t("property.tagHint")}
          placeholder={t("property.addTag")}
          title={keyText("tag")}
          maxLength={MAX_CHARS}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
          data-testid="tag-input"
        />
      )}
    </div>
  );
};

import { type FC, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ActionId, chordText, isReserved, pressedChord } from "@/hotkeys";
import { Button, IconButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Kbd } from "@/kit/Kbd";
import css from "./Hotkeys.module.css";
import type { useKeyEdit } from "./useKeyEdit";

type Props = {
  id: ActionId;
  edit: ReturnType<typeof useKeyEdit>;
  editing: boolean;
  onEdit: (on: boolean) => void;
};

/** One action with its key. */
export const KeyLine: FC<Props> = ({ id, edit, editing, onEdit }) => {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const chord = edit.keysOf(id);
  const owner = wanted === null ? undefined : edit.ownerOf(wanted);
  const reserved = wanted !== null && isReserved(wanted);
  useEffect(() => {
    if (!editing) setWanted(null);
  }, [editing]);

  const end = () => {
    onEdit(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (!editing || event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return end();
    if (event.key === "Backspace" || event.key === "Delete") {
      edit.change(id, "");
      return end();
    }
    const pressed = pressedChord(event.nativeEvent);
    if (pressed === null) return;
    const holder = edit.ownerOf(pressed);
    if (isReserved(pressed) || (holder && holder !== id)) return setWanted(pressed);
    edit.change(id, pressed);
    end();
  };
  return (
    <div className={css.line} data-testid={`hotkey-${id}`}>
      <span className="grow">{t(`action.${id}`)}</span>
      {wanted !== null && (
        <span className={css.wrong} role="status" data-testid="hotkey-conflict">
          {reserved
            ? t("hotkeys.reserved", { keys: chordText(wanted) })
            : owner &&
              t("hotkeys.taken", { keys: chordText(wanted), action: t(`action.${owner}`) })}
        </span>
      )}
      {wanted !== null && owner && !reserved && (
        <Button
          size="sm"
          onClick={() => {
            edit.take(id, wanted, owner);
            end();
          }}
          data-testid="hotkey-take"
        >
          {t("hotkeys.take")}
        </Button>
      )}
      {edit.isChanged(id) && !editing && (
        <IconButton
          icon="undo"
          size="sm"
          label={t("hotkeys.reset")}
          onClick={() => edit.reset(id)}
          data-testid="hotkey-reset"
        />
      )}
      <button
        ref={button}
        type="button"
        className={cx(css.key, editing && css.editing, edit.isChanged(id) && css.own)}
        aria-label={t("hotkeys.change", { action: t(`action.${id}`) })}
        aria-pressed={editing}
        onClick={() => onEdit(!editing)}
        onBlur={(event) => {
          const next = event.relatedTarget;
          if (!(next instanceof Node) || !event.currentTarget.parentElement?.contains(next))
            onEdit(false);
        }}
        onKeyDown={onKeyDown}
        data-testid="hotkey-change"
      >
        {editing ? (
          t("hotkeys.press")
        ) : chord === "" ? (
          <span className="muted">{t("hotkeys.none")}</span>
        ) : (
          <Kbd keys={chordText(chord)} />
        )}
      </button>
    </div>
  );
};

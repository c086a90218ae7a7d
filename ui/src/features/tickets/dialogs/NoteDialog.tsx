import { type FC, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { AreaField } from "@/kit/FormField";
import { Kbd } from "@/kit/Kbd";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";

const MAX_BYTES = 4_000;

type Props = {
  title: string;
  text?: string | undefined;
  noteHint: string;
  /** What has to be written; the act waits for it. */
  noteNeeded?: boolean;
  doText: string;
  danger?: boolean;
  backText?: string;
  /** Whether all else that is asked is there. */
  ready?: boolean;
  onDo: (note: string) => Promise<unknown>;
  onClose: () => void;
  /** What is asked beside the note, before it. */
  children?: ReactNode;
  /** Whether the first of `children` has the cursor, and not the note. */
  childrenFirst?: boolean;
  testId: string;
};

/** An act with a word about it. Ctrl+Enter does it. It stays open when the act was refused. */
export const NoteDialog: FC<Props> = ({
  title,
  text,
  noteHint,
  noteNeeded = false,
  doText,
  danger = false,
  backText,
  ready = true,
  onDo,
  onClose,
  children,
  childrenFirst = false,
  testId,
}) => {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const over = byteLength(note) - MAX_BYTES;
  const may = ready && over <= 0 && (!noteNeeded || note.trim() !== "");
  const act = async () => {
    if (!may || busy) return;
    setBusy(true);
    const done = await onDo(note.trim());
    setBusy(false);
    if (done !== null) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      text={text}
      testId={testId}
      {...(!childrenFirst && { initialFocus: area })}
      foot={
        <>
          <Button onClick={onClose}>{backText ?? t("app.cancel")}</Button>
          <Button
            look={danger ? "danger" : "primary"}
            disabled={!may}
            busy={busy}
            onClick={() => void act()}
            data-testid={`${testId}-do`}
          >
            {doText}
            <Kbd keys="Ctrl Enter" />
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it takes the keys of its fields */}
      <div
        className="stack"
        onKeyDown={(event) => {
          if (composing(event.nativeEvent)) return;
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void act();
        }}
      >
        {children}
        <AreaField
          ref={area}
          label={t("ticket.dialog.note")}
          placeholder={noteHint}
          rows={3}
          value={note}
          error={over > 0 ? t("property.tooLong", { n: over }) : undefined}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-testid={`${testId}-note`}
        />
      </div>
    </Dialog>
  );
};

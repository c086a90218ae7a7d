import type { TFunction } from "i18next";
import { type FC, type KeyboardEvent, type ReactNode, type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { AreaField } from "@/kit/FormField";
import { composing } from "@/lib/ime";
import css from "./Transfer.module.css";

const MAX_NOTE = 500;

/** How many of a group are there to take what it is given. */
export const onlineText = (t: TFunction, n: number): string =>
  n > 0 ? t("routing.nOnline", { n }) : t("routing.noneOnline");

type Props = {
  title: string;
  /** What happens then. */
  text?: string;
  size?: "md" | "lg";
  initialFocus?: RefObject<HTMLElement | null>;
  /** Whether it is chosen to whom. */
  ready: boolean;
  busy?: boolean;
  onSend: (note: string) => void;
  onClose: () => void;
  /** The choice to whom. */
  children: ReactNode;
  testId: "transfer" | "bulk-transfer";
};

/** To whom something goes, with what whoever takes it should know. Ctrl+Enter sends it. */
export const TransferForm: FC<Props> = ({
  title,
  text,
  size = "md",
  initialFocus,
  ready,
  busy = false,
  onSend,
  onClose,
  children,
  testId,
}) => {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const send = () => ready && !busy && onSend(note);
  const onKeyDown = (event: KeyboardEvent) => {
    if (composing(event.nativeEvent) || event.key !== "Enter") return;
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size={size}
      title={title}
      {...(initialFocus && { initialFocus })}
      testId={`${testId}-dialog`}
      foot={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!ready}
            keys="Ctrl Enter"
            onClick={send}
            data-testid={`${testId}-send`}
          >
            {t("routing.transfer")}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the fields inside take the keys */}
      <div className={css.form} onKeyDown={onKeyDown}>
        {children}
        <AreaField
          label={t("routing.note")}
          rows={3}
          maxLength={MAX_NOTE}
          value={note}
          placeholder={t("routing.noteHint")}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-testid={`${testId}-note`}
        />
        {text && <p className="small muted">{text}</p>}
      </div>
    </Dialog>
  );
};

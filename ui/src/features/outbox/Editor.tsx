import { type FC, type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { FieldValue } from "@/ipc/generated/FieldValue";
import type { Priority } from "@/ipc/generated/Priority";
import { usePropertyChoices } from "@/ipc/queries";
import { Button } from "@/kit/Button";
import { Select } from "@/kit/Select";
import { composing } from "@/lib/ime";
import { byteLength, categoryText } from "@/lib/text";
import css from "./Conflicts.module.css";

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];
const MAX_BYTES = 4_000;

type Props = {
  value: FieldValue;
  busy: boolean;
  onChange: (value: FieldValue) => void;
  onSave: () => void;
  onCancel: () => void;
};

/** Both edits in one, to be finished by hand. */
export const Editor: FC<Props> = ({ value, busy, onChange, onSave, onCancel }) => {
  const { t } = useTranslation();
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>("textarea, select")?.focus(), []);
  const over = value.field === "summary" ? byteLength(value.value) - MAX_BYTES : 0;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (composing(event.nativeEvent)) return;
    if (event.key === "Escape") onCancel();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && over <= 0) onSave();
    else return;
    // Esc closes the editor, not the sync centre.
    event.stopPropagation();
    event.preventDefault();
  };
  return (
    <fieldset ref={box} className={css.editor} onKeyDown={onKeyDown}>
      <Input value={value} onChange={onChange} />
      {over > 0 && <p className="small danger">{t("property.tooLong", { n: over })}</p>}
      <div className={css.acts}>
        <Button
          size="sm"
          look="primary"
          keys="Ctrl Enter"
          disabled={busy || over > 0}
          onClick={onSave}
          data-testid="save-merged"
        >
          {t("conflict.saveMerged")}
        </Button>
        <Button size="sm" look="ghost" onClick={onCancel}>
          {t("app.cancel")}
        </Button>
      </div>
    </fieldset>
  );
};

const Input: FC<Pick<Props, "value" | "onChange">> = ({ value, onChange }) => {
  const { t } = useTranslation();
  const { data } = usePropertyChoices();
  const label = t("conflict.merged");
  switch (value.field) {
    case "priority":
      return (
        <Select
          label={label}
          value={value.value}
          items={PRIORITIES.map((id) => ({ id, label: t(`priority.${id}`) }))}
          onChange={(next) => onChange({ field: "priority", value: next })}
          testId="merged-value"
        />
      );
    case "category":
      return (
        <Select
          label={label}
          value={value.value}
          items={[...new Set(["", ...(data?.categories ?? []), value.value])].map((id) => ({
            id,
            label: categoryText(id) || t("property.noCategory"),
          }))}
          onChange={(next) => onChange({ field: "category", value: next })}
          testId="merged-value"
        />
      );
    case "summary":
      return (
        <textarea
          className={css.text}
          aria-label={label}
          value={value.value}
          onChange={(event) => onChange({ field: "summary", value: event.currentTarget.value })}
          data-testid="merged-value"
        />
      );
  }
};

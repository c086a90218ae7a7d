import { type FC, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketFieldView } from "@/ipc/generated/TicketFieldView";
import type { TicketValue } from "@/ipc/generated/TicketValue";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { composing } from "@/lib/ime";
import { FormInput } from "../FormInput";
import { type Fault, read, typed } from "../form";
import { useValueText } from "../useValueText";
import css from "./Detail.module.css";

type Props = {
  of: TicketFieldView;
  editable: boolean;
  onSave: (value: TicketValue | null) => Promise<boolean>;
};

/** A field of the form: read, and edited in place. Enter saves, Esc gives up. */
export const FieldLine: FC<Props> = ({ of, editable, onSave }) => {
  const { t } = useTranslation();
  const { field, value, masked, missing } = of;
  const text = useValueText();
  const [raw, setRaw] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const editing = raw !== null;
  useEffect(() => {
    if (editing) box.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
  }, [editing]);
  const stop = () => {
    setRaw(null);
    setFault(null);
    setTimeout(() => button.current?.focus(), 0);
  };
  const save = async () => {
    if (raw === null || raw === typed(value ?? undefined)) return stop();
    const got = read(field, raw);
    if ("fault" in got) return setFault(got.fault);
    if (await onSave(got.value)) stop();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (composing(event.nativeEvent)) return;
    const lines = field.kind.kind === "long_text";
    if (event.key === "Enter" && (!lines || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      stop();
    }
  };
  const shown = value ? text(value) : "";
  return (
    <>
      <dt className={cx(editing && css.tall)}>{field.label}</dt>
      <dd data-testid="ticket-field" data-key={field.key}>
        {editing ? (
          // biome-ignore lint/a11y/noStaticElementInteractions: it takes the keys of its field
          <div ref={box} className={css.editor} onKeyDown={onKeyDown}>
            <FormInput
              field={field}
              raw={raw}
              fault={fault}
              bare
              onChange={(next) => {
                setRaw(next);
                setFault(null);
              }}
            />
            <div className={css.editActs}>
              <Button size="sm" look="primary" onClick={() => void save()} data-testid="field-save">
                {t("ticket.save")}
              </Button>
              <Button size="sm" look="ghost" onClick={stop}>
                {t("app.cancel")}
              </Button>
            </div>
          </div>
        ) : (
          <button
            ref={button}
            type="button"
            className={css.value}
            disabled={!editable}
            aria-label={t("ticket.edit", { label: field.label })}
            onClick={() => setRaw(typed(value ?? undefined))}
            data-testid="field-edit"
          >
            {shown === "" ? (
              <span className={missing ? "warning" : "muted"}>
                {missing
                  ? field.hint || t("ticket.requiredResolve")
                  : editable
                    ? field.hint || t("ticket.empty")
                    : t("ticket.empty")}
              </span>
            ) : (
              <span title={masked ? t("ticket.masked") : undefined}>{shown}</span>
            )}
          </button>
        )}
      </dd>
    </>
  );
};

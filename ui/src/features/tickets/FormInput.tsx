import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { TicketField } from "@/ipc/generated/TicketField";
import { AreaField, CheckField, ChoiceField, LineField } from "@/kit/FormField";
import css from "./FormInput.module.css";
import { type Fault, yesText } from "./form";

type Props = {
  field: TicketField;
  raw: string;
  onChange: (raw: string) => void;
  fault?: Fault | null | undefined;
  /** Its label stands elsewhere. */
  bare?: boolean;
  testId?: string;
};

/** What takes a field of a template. */
export const FormInput: FC<Props> = ({ field, raw, onChange, fault, bare = false, testId }) => {
  const { t } = useTranslation();
  const { kind } = field;
  const common = {
    label: field.label,
    hideLabel: bare,
    hint: bare ? undefined : field.hint || undefined,
    error: fault ? t(`ticket.fault.${fault}`) : undefined,
    required: field.required === "create",
    requiredText:
      field.required === "create"
        ? t("ticket.requiredCreate")
        : field.required === "resolve"
          ? t("ticket.requiredResolve")
          : undefined,
    "data-testid": testId ?? "form-input",
    "data-key": field.key,
  };
  switch (kind.kind) {
    case "long_text":
      return (
        <AreaField
          {...common}
          value={raw}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "choice":
      return (
        <ChoiceField
          {...common}
          value={raw}
          items={[
            { id: "", label: t("ticket.choose_one") },
            ...kind.options.map((option) => ({ id: option, label: option })),
          ]}
          onChoose={onChange}
        />
      );
    case "choices": {
      const chosen = raw === "" ? [] : raw.split("\n");
      return (
        <fieldset className={css.choices} data-testid={common["data-testid"]} data-key={field.key}>
          <legend className={bare ? "sr" : css.legend}>{field.label}</legend>
          <div className={css.options}>
            {kind.options.map((option) => (
              <CheckField
                key={option}
                label={option}
                checked={chosen.includes(option)}
                onChange={(on) =>
                  onChange(
                    kind.options
                      .filter((each) => (each === option ? on : chosen.includes(each)))
                      .join("\n"),
                  )
                }
              />
            ))}
          </div>
        </fieldset>
      );
    }
    case "yes_no":
      return (
        <ChoiceField
          {...common}
          value={raw}
          items={[
            { id: "", label: t("ticket.choose_one") },
            { id: yesText(true), label: t("ticket.yes") },
            { id: yesText(false), label: t("ticket.no") },
          ]}
          onChoose={onChange}
        />
      );
    case "date":
      return (
        <LineField
          {...common}
          type="date"
          value={raw}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "text":
    case "number":
    case "money":
    case "order":
    case "tracking":
    case "phone":
    case "address":
      return (
        <LineField
          {...common}
          value={raw}
          inputMode={
            kind.kind === "number" ? "numeric" : kind.kind === "money" ? "decimal" : "text"
          }
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
};

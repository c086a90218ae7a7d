import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { TicketField } from "@/ipc/generated/TicketField";
import type { TicketFieldPart } from "@/ipc/generated/TicketFieldPart";
import type { TicketRequired } from "@/ipc/generated/TicketRequired";
import type { TicketSource } from "@/ipc/generated/TicketSource";
import type { TicketTypeFault } from "@/ipc/generated/TicketTypeFault";
import type { TicketTypeWhy } from "@/ipc/generated/TicketTypeWhy";
import { Button, IconButton } from "@/kit/Button";
import { AreaField, ChoiceField, LineField } from "@/kit/FormField";
import { KINDS, newField, ofKind, optionsOf, shifted, whyOf, withOptions } from "./kind";
import css from "./TicketTypes.module.css";

const REQUIRED: readonly TicketRequired[] = ["no", "create", "resolve"];
const SOURCES: readonly TicketSource[] = [
  "order",
  "tracking",
  "product",
  "amount",
  "date",
  "phone",
  "address",
  "matter",
];

type Props = {
  fields: readonly TicketField[];
  wrong: readonly TicketTypeFault[];
  onChange: (fields: TicketField[]) => void;
};

/** The form: field by field, in their order. */
export const Fields: FC<Props> = ({ fields, wrong, onChange }) => {
  const { t } = useTranslation();
  const put = (at: number, field: TicketField) =>
    onChange(fields.map((each, place) => (place === at ? field : each)));
  return (
    <section className={css.part} aria-label={t("ticket.fields")}>
      <h2>{t("ticket.fields")}</h2>
      <ol className={css.fields}>
        {fields.map((field, at) => (
          <Row
            key={field.key}
            field={field}
            whyOf={(part) => whyOf(wrong, at, part)}
            first={at === 0}
            last={at === fields.length - 1}
            onChange={(next) => put(at, next)}
            onShift={(by) => onChange(shifted(fields, at, by))}
            onRemove={() => onChange(fields.filter((_, place) => place !== at))}
          />
        ))}
      </ol>
      <div>
        <Button
          size="sm"
          icon="plus"
          onClick={() => onChange([...fields, newField(fields)])}
          data-testid="ticket-field-new"
        >
          {t("ticketType.addField")}
        </Button>
      </div>
    </section>
  );
};

type RowProps = {
  field: TicketField;
  whyOf: (part: TicketFieldPart) => TicketTypeWhy | undefined;
  first: boolean;
  last: boolean;
  onChange: (field: TicketField) => void;
  onShift: (by: 1 | -1) => void;
  onRemove: () => void;
};

const Row: FC<RowProps> = ({ field, whyOf, first, last, onChange, onShift, onRemove }) => {
  const { t } = useTranslation();
  const told = (part: TicketFieldPart) => {
    const why = whyOf(part);
    return why && t(`ticketType.why.${why}`);
  };
  const choice = field.kind.kind === "choice" || field.kind.kind === "choices";
  return (
    <li className={css.field} data-testid="ticket-type-field" data-key={field.key}>
      <LineField
        label={t("ticketType.label")}
        value={field.label}
        error={told("label")}
        onChange={(event) => onChange({ ...field, label: event.currentTarget.value })}
        data-testid="ticket-field-label"
      />
      <ChoiceField
        label={t("ticketType.kind")}
        value={field.kind.kind}
        items={KINDS.map((id) => ({ id, label: t(`ticketType.kinds.${id}`) }))}
        onChoose={(id) => {
          const kind = KINDS.find((each) => each === id);
          if (kind) onChange(ofKind(field, kind));
        }}
        data-testid="ticket-field-kind"
      />
      <ChoiceField
        label={t("ticketType.required")}
        value={field.required}
        items={REQUIRED.map((id) => ({ id, label: t(`ticketType.requireds.${id}`) }))}
        onChoose={(id) =>
          onChange({ ...field, required: REQUIRED.find((each) => each === id) ?? "no" })
        }
      />
      <ChoiceField
        label={t("ticketType.source")}
        value={field.source ?? ""}
        items={[
          { id: "", label: t("ticketType.sourceNone") },
          ...SOURCES.map((id) => ({ id, label: t(`ticketType.sources.${id}`) })),
        ]}
        onChoose={(id) =>
          onChange({ ...field, source: SOURCES.find((each) => each === id) ?? null })
        }
      />
      <div className={css.acts}>
        <IconButton
          icon="down"
          size="sm"
          className={css.up}
          label={t("ticketType.up", { label: field.label })}
          disabled={first}
          onClick={() => onShift(-1)}
        />
        <IconButton
          icon="down"
          size="sm"
          label={t("ticketType.down", { label: field.label })}
          disabled={last}
          onClick={() => onShift(1)}
        />
        <IconButton
          icon="x"
          size="sm"
          label={t("ticketType.remove", { label: field.label })}
          onClick={onRemove}
        />
      </div>
      <div className={css.under}>
        {choice && (
          <AreaField
            label={t("ticketType.options")}
            hint={t("ticketType.optionsHint")}
            error={told("options")}
            rows={3}
            value={optionsOf(field.kind).join("\n")}
            onChange={(event) => onChange(withOptions(field, event.currentTarget.value))}
            data-testid="ticket-field-options"
          />
        )}
        <LineField
          label={t("ticketType.hint")}
          value={field.hint}
          error={told("hint")}
          onChange={(event) => onChange({ ...field, hint: event.currentTarget.value })}
        />
      </div>
    </li>
  );
};

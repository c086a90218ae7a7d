import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { Priority } from "@/ipc/generated/Priority";
import type { TicketForm } from "@/ipc/generated/TicketForm";
import type { TicketTypeId } from "@/ipc/generated/TicketTypeId";
import { useTicketChoices } from "@/ipc/tickets";
import { LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { AreaField, ChoiceField, LineField } from "@/kit/FormField";
import { Notice } from "@/kit/Notice";
import { composing } from "@/lib/ime";
import { StateTag, useTicketNumber } from "@/parts/Ticket";
import { useRoutes } from "@/routes";
import { FormInput } from "../FormInput";
import css from "./FormBody.module.css";
import type { Filing } from "./useFiling";

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

type Props = {
  form: TicketForm;
  type: TicketTypeId;
  onType: (type: TicketTypeId) => void;
  filing: Filing;
};

/** Type, title and the form of the type, with what is wrong under each field. */
export const FormBody: FC<Props> = ({ form, type, onType, filing }) => {
  const { t } = useTranslation();
  const number = useTicketNumber();
  const { openTicket, fileTicket } = useRoutes();
  const { data: choices } = useTicketChoices();
  const kind = form.types.find((each) => each.id === type);
  const fields = kind?.fields ?? [];
  const filled = form.values.filter(({ key }) => fields.some((field) => field.key === key)).length;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it takes the keys of its fields
    <div
      className={css.form}
      onKeyDown={(event) => {
        if (composing(event.nativeEvent)) return;
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void filing.submit();
      }}
    >
      {form.similar.length > 0 && (
        <div className={cx(css.similar, css.wide)} data-testid="filing-similar">
          <p className="small soft">{t("ticket.create.similarCustomer")}</p>
          <ul>
            {form.similar.slice(0, 3).map((row) => (
              <li key={row.id}>
                <LinkButton
                  className={css.other}
                  onClick={() => {
                    fileTicket(null);
                    openTicket(row.id);
                  }}
                >
                  <span className="num">{number(row)}</span>
                  <span className="one grow">{row.title}</span>
                  <StateTag state={row.state} />
                </LinkButton>
              </li>
            ))}
          </ul>
        </div>
      )}
      {filing.resumed && (
        <div className={css.wide}>
          <Notice
            testId="filing-resumed"
            action={
              <LinkButton onClick={filing.startOver}>{t("ticket.create.startOver")}</LinkButton>
            }
          >
            {t("ticket.create.resumed")}
          </Notice>
        </div>
      )}
      {filled > 0 && (
        <p className={cx(css.wide, "small muted")} role="status" data-testid="filing-filled">
          {t("ticket.create.filled", { n: filled })}
        </p>
      )}
      <ChoiceField
        label={t("ticket.create.type")}
        value={type}
        hint={kind?.description || undefined}
        items={form.types.map(({ id, name }) => ({ id, label: name }))}
        onChoose={onType}
        data-testid="filing-type"
      />
      <div className={css.pair}>
        <ChoiceField
          label={t("ticket.create.group")}
          value={filing.department ?? ""}
          items={(choices?.departments ?? []).map(({ id, name }) => ({ id, label: name }))}
          onChoose={(department) => filing.write({ department })}
          data-testid="filing-department"
        />
        <ChoiceField
          label={t("ticket.col.priority")}
          value={filing.priority}
          items={PRIORITIES.map((id) => ({ id, label: t(`priority.${id}`) }))}
          onChoose={(id) => {
            const priority = PRIORITIES.find((each) => each === id);
            if (priority) filing.write({ priority });
          }}
          data-testid="filing-priority"
        />
      </div>
      <div className={css.wide}>
        <LineField
          ref={filing.first}
          label={t("ticket.create.subject")}
          required
          requiredText={t("ticket.requiredCreate")}
          placeholder={t("ticket.create.subjectHint")}
          value={filing.title}
          error={filing.titleFault ? t(`ticket.fault.${filing.titleFault}`) : undefined}
          autoComplete="off"
          onChange={(event) => filing.write({ title: event.currentTarget.value })}
          data-testid="filing-title"
        />
      </div>
      {fields.map((field) => (
        <div
          key={field.key}
          className={cx(
            (field.kind.kind === "long_text" ||
              field.kind.kind === "choices" ||
              field.kind.kind === "address") &&
              css.wide,
          )}
        >
          <FormInput
            field={field}
            raw={filing.values[field.key] ?? ""}
            fault={filing.faults[field.key]}
            onChange={(raw) => filing.writeValue(field.key, raw)}
            testId={`filing-${field.key}`}
          />
        </div>
      ))}
      <div className={css.wide}>
        <AreaField
          label={t("ticket.create.note")}
          placeholder={t("ticket.create.noteHint")}
          rows={2}
          value={filing.note}
          onChange={(event) => filing.write({ note: event.currentTarget.value })}
          data-testid="filing-note"
        />
      </div>
      {filing.wrong !== null && (
        <div className={css.wide}>
          <Notice tone="danger" testId="filing-wrong">
            {filing.wrong}
          </Notice>
        </div>
      )}
    </div>
  );
};

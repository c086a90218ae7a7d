import { type FC, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useTicketChoices } from "@/ipc/tickets";
import { LinkButton } from "@/kit/Button";
import { Field } from "@/kit/Field";
import { Select } from "@/kit/Select";
import { COLUMNS } from "./columns";
import { filtersOn, useDesk } from "./store";
import css from "./Tickets.module.css";

const ANY = "any";
const UNFINISHED = "unfinished";
const PRIORITIES = ["urgent", "high", "normal", "low"] as const;
const DUES = ["soon", "breached"] as const;

/** Words, type, priority and promise; each narrows what is shown. */
export const Filters: FC<{ total: number }> = ({ total }) => {
  const { t } = useTranslation();
  const { filters, filter, clear, set } = useDesk();
  const { data: choices } = useTicketChoices();
  const words = useRef<HTMLInputElement>(null);
  useEffect(() => words.current?.focus(), []);
  const on = filtersOn(filters);
  return (
    <search className={css.filters} aria-label={t("ticket.filters")}>
      <Field
        ref={words}
        label={t("ticket.find")}
        hideLabel
        icon="search"
        type="search"
        placeholder={t("ticket.find")}
        value={filters.query}
        onChange={(event) => filter({ query: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (filters.query === "") set({ filtersOpen: false });
          else filter({ query: "" });
        }}
        data-testid="ticket-query"
      />
      <span>
        <Select
          label={t("ticket.col.type")}
          value={filters.type ?? ANY}
          items={[
            { id: ANY, label: t("ticket.anyType") },
            ...(choices?.types ?? []).map(({ id, name }) => ({ id, label: name })),
          ]}
          onChange={(id) => filter({ type: id === ANY ? null : id })}
          testId="ticket-filter-type"
        />
      </span>
      <span>
        <Select
          label={t("ticket.col.priority")}
          value={filters.priority ?? ANY}
          items={[
            { id: ANY, label: t("ticket.anyPriority") },
            ...PRIORITIES.map((id) => ({ id, label: t(`priority.${id}`) })),
          ]}
          onChange={(id) => filter({ priority: PRIORITIES.find((each) => each === id) ?? null })}
          testId="ticket-filter-priority"
        />
      </span>
      <span>
        <Select
          label={t("ticket.col.due")}
          value={filters.due ?? ANY}
          items={[
            { id: ANY, label: t("ticket.due.any") },
            ...DUES.map((id) => ({ id, label: t(`ticket.due.${id}`) })),
          ]}
          onChange={(id) => filter({ due: DUES.find((each) => each === id) ?? null })}
          testId="ticket-filter-due"
        />
      </span>
      <span>
        <Select
          label={t("ticket.col.state")}
          value={filters.state ?? ANY}
          items={[
            { id: ANY, label: t("ticket.anyState") },
            { id: UNFINISHED, label: t("ticket.unfinished") },
            ...COLUMNS.map((id) => ({ id, label: t(`ticket.state.${id}`) })),
          ]}
          onChange={(id) =>
            filter({
              state: id === UNFINISHED ? UNFINISHED : (COLUMNS.find((each) => each === id) ?? null),
            })
          }
          testId="ticket-filter-state"
        />
      </span>
      <p className="small muted num" role="status" data-testid="ticket-shown">
        {t("ticket.shown", { n: total })}
      </p>
      {on > 0 && (
        <LinkButton className="small" onClick={clear} data-testid="ticket-clear">
          {t("ticket.clear")}
        </LinkButton>
      )}
    </search>
  );
};

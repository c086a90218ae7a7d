import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { TicketType } from "@/ipc/generated/TicketType";
import type { TicketTypeId } from "@/ipc/generated/TicketTypeId";
import { keys } from "@/ipc/keys";
import { useTicketTypes } from "@/ipc/tickets";
import { Button } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { Tag } from "@/kit/Marks";
import { Notice, toast } from "@/kit/Notice";
import { newType } from "./kind";
import css from "./TicketTypes.module.css";
import { TypeForm } from "./TypeForm";

/** The types of tickets: their forms, departments and promises. */
export const TicketTypes: FC = () => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: view, error } = useTicketTypes();
  const [chosen, setChosen] = useState<TicketTypeId | null>(null);
  const [made, setMade] = useState<TicketType | null>(null);
  if (error) return <Notice tone="danger">{errorText(t, error)}</Notice>;
  if (!view) return null;
  const open = made ?? (view.types.find(({ kind }) => kind.id === chosen) ?? view.types[0])?.kind;
  const save = async (kind: TicketType): Promise<boolean> => {
    try {
      const next = await call("ticket_type.save", { kind });
      client.setQueryData(keys.ticketTypes, next);
      setMade(null);
      setChosen(kind.id);
      toast("success", t("ticketType.saved", { name: kind.name.trim() }));
      return true;
    } catch (failure) {
      toast("danger", errorText(t, failure));
      return false;
    }
  };
  return (
    <div className={css.panes} data-testid="ticket-types">
      <p className={cx("soft", css.about)}>{t("ticketType.about")}</p>
      <nav className={css.list} aria-label={t("ticketType.title")}>
        <ul>
          {view.types.map(({ kind, unfinished, pending }) => (
            <li key={kind.id}>
              <button
                type="button"
                className={css.row}
                aria-current={open?.id === kind.id ? "true" : undefined}
                onClick={() => {
                  setMade(null);
                  setChosen(kind.id);
                }}
                data-testid="ticket-type"
              >
                <span className="one grow">{kind.name}</span>
                {pending && <Icon name="clock" size={12} />}
                {!kind.active && <Tag>{t("ticketType.inactive")}</Tag>}
                <span className="num muted" title={t("ticketType.unfinished", { n: unfinished })}>
                  {unfinished}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {view.editable && (
          <Button
            icon="plus"
            size="sm"
            onClick={() => setMade(newType())}
            data-testid="ticket-type-new"
          >
            {t("ticketType.new")}
          </Button>
        )}
      </nav>
      {open && (
        <TypeForm
          key={`${open.id}-${open.version}`}
          from={open}
          departments={view.departments}
          calendars={view.calendars}
          editable={view.editable}
          isNew={made !== null}
          onSave={save}
          onDrop={made ? () => setMade(null) : undefined}
        />
      )}
    </div>
  );
};

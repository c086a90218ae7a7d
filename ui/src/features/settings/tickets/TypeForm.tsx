import { type FC, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import type { TicketCalendar } from "@/ipc/generated/TicketCalendar";
import type { TicketDepartment } from "@/ipc/generated/TicketDepartment";
import type { TicketType } from "@/ipc/generated/TicketType";
import { Button } from "@/kit/Button";
import { CheckField, ChoiceField, LineField } from "@/kit/FormField";
import { Fields } from "./Fields";
import { LEVELS, whyAt } from "./kind";
import { Targets } from "./Targets";
import css from "./TicketTypes.module.css";
import { faultsOf, useFaults } from "./useFaults";

type Props = {
  from: TicketType;
  departments: readonly TicketDepartment[];
  calendars: readonly TicketCalendar[];
  editable: boolean;
  isNew: boolean;
  onSave: (kind: TicketType) => Promise<boolean>;
  onDrop: (() => void) | undefined;
};

/** One type, to be changed. Tickets that there are keep the promises that they were made with. */
export const TypeForm: FC<Props> = ({
  from,
  departments,
  calendars,
  editable,
  isNew,
  onSave,
  onDrop,
}) => {
  const { t } = useTranslation();
  const [kind, setKind] = useState(from);
  // As it is written: a separator that nothing follows yet stays while one writes.
  const [words, setWords] = useState(() => from.words.join("、"));
  const [told, setTold] = useState(false);
  const wrong = useFaults(kind, told);
  const [undone, setUndone] = useState(0);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFieldSetElement>(null);
  const seeks = useRef(false);
  useEffect(() => {
    if (!seeks.current || wrong.length === 0) return;
    seeks.current = false;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [wrong]);
  const dirty = isNew || JSON.stringify(kind) !== JSON.stringify(from);
  const set = (change: Partial<TicketType>) => setKind({ ...kind, ...change });
  const save = async () => {
    if (busy) return;
    setBusy(true);
    // What is wrong is told where it is written, and by each change from then on.
    if ((await faultsOf(kind)).length > 0) {
      seeks.current = true;
      setTold(true);
    } else await onSave(kind);
    setBusy(false);
  };
  useAction("ticketTypeSave", () => void save(), editable && dirty && !busy);
  const at = (place: Parameters<typeof whyAt>[1]) => {
    const why = whyAt(wrong, place);
    return why && t(`ticketType.why.${why}`);
  };
  const nameOf = (id: string) => departments.find((each) => each.id === id)?.name ?? id;
  const free = departments.filter(({ id }) => !kind.path.includes(id));
  return (
    <fieldset ref={form} className={css.form} disabled={!editable} aria-label={kind.name}>
      <div className={css.two}>
        <LineField
          label={t("ticketType.name")}
          value={kind.name}
          error={at("name")}
          onChange={(event) => set({ name: event.currentTarget.value })}
          data-testid="ticket-type-name"
        />
        <LineField
          label={t("ticketType.description")}
          value={kind.description}
          error={at("description")}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <ChoiceField
          label={t("ticketType.begins")}
          value={kind.group_id ?? ""}
          error={at("department")}
          items={[
            { id: "", label: t("ticketType.ofConversation") },
            ...departments.map(({ id, name }) => ({ id, label: name })),
          ]}
          onChoose={(id) => set({ group_id: id === "" ? null : id })}
        />
        <ChoiceField
          label={t("ticket.col.priority")}
          value={kind.priority}
          items={LEVELS.map((id) => ({ id, label: t(`priority.${id}`) }))}
          onChoose={(id) => set({ priority: LEVELS.find((each) => each === id) ?? kind.priority })}
        />
        <ChoiceField
          label={t("ticketType.path")}
          error={at("path")}
          hint={kind.path.length > 0 ? kind.path.map(nameOf).join(" → ") : t("ticketType.pathNone")}
          value=""
          items={[
            { id: "", label: t("ticketType.pathAdd") },
            ...free.map(({ id, name }) => ({ id, label: name })),
            ...(kind.path.length > 0 ? [{ id: "-", label: t("ticketType.pathBack") }] : []),
          ]}
          onChoose={(id) =>
            id !== "" && set({ path: id === "-" ? kind.path.slice(0, -1) : [...kind.path, id] })
          }
        />
        <LineField
          label={t("ticketType.words")}
          hint={t("ticketType.wordsHint")}
          error={at("words")}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            set({ words: event.currentTarget.value.split(/[、,，;；\s]+/).filter(Boolean) });
          }}
        />
      </div>
      <CheckField
        label={t("ticketType.active")}
        checked={kind.active}
        onChange={(active) => set({ active })}
        testId="ticket-type-active"
      />
      <Targets
        key={`targets-${undone}`}
        sla={kind.sla}
        calendars={calendars}
        wrong={wrong}
        onChange={(sla) => set({ sla })}
      />
      <Fields fields={kind.fields} wrong={wrong} onChange={(fields) => set({ fields })} />
      {editable && (
        <div className={css.save}>
          <p className="grow soft" role="status">
            {told && wrong.length > 0
              ? t("ticketType.wrong", { n: wrong.length })
              : t(dirty ? "ticketType.dirty" : "ticketType.clean", { n: kind.version })}
          </p>
          <Button
            disabled={!dirty || busy}
            onClick={
              onDrop ??
              (() => {
                setKind(from);
                setUndone(undone + 1);
                setWords(from.words.join("、"));
              })
            }
          >
            {t("ticketType.undo")}
          </Button>
          <Button
            look="primary"
            disabled={!dirty}
            busy={busy}
            keys={keyText("ticketTypeSave")}
            onClick={() => void save()}
            data-testid="ticket-type-save"
          >
            {t("ticketType.save")}
          </Button>
        </div>
      )}
    </fieldset>
  );
};

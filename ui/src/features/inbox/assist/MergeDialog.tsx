import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { ContactField } from "@/ipc/generated/ContactField";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import type { MergeField } from "@/ipc/generated/MergeField";
import type { MergeSide } from "@/ipc/generated/MergeSide";
import type { MergeView } from "@/ipc/generated/MergeView";
import type { PersonView } from "@/ipc/generated/PersonView";
import { keys } from "@/ipc/keys";
import { usePair, usePeople, usePeopleFound } from "@/ipc/people";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Icon } from "@/kit/Icon";
import { toast } from "@/kit/Notice";
import { Pick } from "@/kit/Pick";
import { useDebounced } from "@/lib/useDebounced";
import { useName } from "@/parts/Person";
import { saidFinal } from "@/parts/undo";
import { useDesk } from "../store";
import css from "./People.module.css";

const STILL_MS = 150;
type Props = { id: ConversationId; chosen: string | null; onClose: () => void };

/** Merges the customer of a conversation with another one: who, then what is kept of each. */
export const MergeDialog: FC<Props> = ({ id, chosen, onClose }) => {
  const [other, setOther] = useState(chosen);
  return other === null ? (
    <Find id={id} onPick={setOther} onClose={onClose} />
  ) : (
    <Compare id={id} other={other} onClose={onClose} />
  );
};

type FindProps = { id: ConversationId; onPick: (id: string) => void; onClose: () => void };

/** Those who may be the same are offered first. */
const Find: FC<FindProps> = ({ id, onPick, onClose }) => {
  const { t } = useTranslation();
  const name = useName();
  const [query, setQuery] = useState("");
  const still = useDebounced(query.trim(), STILL_MS);
  const alike = usePeople(id).data?.alike ?? [];
  const { data } = usePeopleFound(id, still);
  const items = still === "" ? alike.map(({ person }) => person) : (data?.items ?? []);
  const hint = ({ phone, email, member, conversations }: PersonView) =>
    [member, phone, email, t("people.visits", { n: conversations })].filter(Boolean).join(" · ");
  return (
    <Pick
      open
      onClose={onClose}
      label={t("people.findLabel")}
      items={items.map((person) => ({ id: person.id, label: name(person), hint: hint(person) }))}
      onQuery={setQuery}
      onPick={onPick}
      stays
      emptyText={t(still === "" ? "people.findHint" : "people.findNone")}
      testId="merge-find"
    />
  );
};

const Compare: FC<{ id: ConversationId; other: string; onClose: () => void }> = ({
  id,
  other,
  onClose,
}) => {
  const { t } = useTranslation();
  const { data, error } = usePair(id, other);
  if (data) return <Sure id={id} view={data} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("people.mergeTitle")}
      text={error ? errorText(t, error) : undefined}
      foot={<Button onClick={onClose}>{t("app.close")}</Button>}
    />
  );
};

type SureProps = { id: ConversationId; view: MergeView; onClose: () => void };

const Sure: FC<SureProps> = ({ id, view, onClose }) => {
  const { t } = useTranslation();
  const client = useQueryClient();
  const name = useName();
  const [kept, setKept] = useState<Partial<Record<ContactField, MergeSide>>>({});
  const sideOf = (field: MergeField) => kept[field.field] ?? field.propose;
  const sides = ["this", "other"] as const;
  const gone = view.remains === "this" ? view.other : view.this;
  const merge = async () => {
    onClose();
    try {
      const next = await call("people.merge", {
        conversation_id: id,
        contact_id: view.other.id,
        remains: view.remains,
        keep: view.fields.map((field) => ({ field: field.field, side: sideOf(field) })),
      });
      client.setQueryData(keys.people(id), next);
      saidFinal(useDesk, "success", t("people.merged"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("people.mergeTitle")}
      text={t("people.mergeText")}
      size="lg"
      testId="merge-dialog"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button look="primary" onClick={() => void merge()} data-testid="merge-do">
            {t("people.doMerge")}
          </Button>
        </>
      }
    >
      <table className={css.table}>
        <colgroup>
          <col />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <td />
            {sides.map((side) => (
              <th key={side} scope="col">
                {t(`people.side.${side}`)}
                <span className={css.remains}>
                  {t(view.remains === side ? "people.remains" : "people.goes")}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.fields.map((field) => (
            <tr key={field.field} data-testid={`merge-${field.field}`}>
              <th scope="row">{t(`people.field.${field.field}`)}</th>
              {sides.map((side) => (
                <td key={side}>
                  <Choice
                    field={field}
                    side={side}
                    checked={sideOf(field) === side}
                    onChoose={() => setKept({ ...kept, [field.field]: side })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.moves} data-testid="merge-moves">
        <Icon name="arrow" size={14} />
        {t("people.moves", {
          name: name(gone),
          conversations: gone.conversations,
          tickets: gone.tickets,
        })}
      </p>
    </Dialog>
  );
};

type ChoiceProps = {
  field: MergeField;
  side: MergeSide;
  checked: boolean;
  onChoose: () => void;
};

const Choice: FC<ChoiceProps> = ({ field, side, checked, onChoose }) => {
  const { t } = useTranslation();
  const value = field[side];
  const shown =
    value === "" ? (
      <span className={css.unknown}>{t("people.unknown")}</span>
    ) : field.field === "tier" ? (
      t(`tier.${value as "normal"}`)
    ) : (
      value
    );
  if (field.is_equal) return <span className={css.choice}>{shown}</span>;
  return (
    <label className={css.choice}>
      <input
        type="radio"
        name={`merge-${field.field}`}
        checked={checked}
        onChange={onChoose}
        data-testid={`keep-${field.field}-${side}`}
      />
      <span className="one">{shown}</span>
    </label>
  );
};

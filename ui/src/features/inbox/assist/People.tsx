import { useQueryClient } from "@tanstack/react-query";
import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText, useAction } from "@/hotkeys";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { AbsorbedView } from "@/ipc/generated/AbsorbedView";
import type { AlikeView } from "@/ipc/generated/AlikeView";
import type { ConversationId } from "@/ipc/generated/ConversationId";
import { keys } from "@/ipc/keys";
import { usePeople } from "@/ipc/people";
import { Button } from "@/kit/Button";
import { Dialog } from "@/kit/Dialog";
import { Icon } from "@/kit/Icon";
import { Tag } from "@/kit/Marks";
import { toast } from "@/kit/Notice";
import { useNow } from "@/lib/now";
import { dateText } from "@/lib/time";
import { useName } from "@/parts/Person";
import { saidFinal } from "@/parts/undo";
import { useDesk } from "../store";
import block from "./Block.module.css";
import { MergeDialog } from "./MergeDialog";
import css from "./People.module.css";

type Props = { id: ConversationId; brief?: boolean };

/** Who the customer may be besides, and who they are: merging, and taking it back. */
export const People: FC<Props> = ({ id, brief = false }) => {
  const { t } = useTranslation();
  const { data } = usePeople(id);
  // What is merged with: nobody chosen yet, or one.
  const [merging, setMerging] = useState<{ with: string | null } | null>(null);
  const [splitting, setSplitting] = useState<AbsorbedView | null>(null);
  const mayMerge = data?.may_merge ?? false;
  const latest = data?.absorbed.find((one) => one.may_split);
  const first = data?.alike[0]?.person.id ?? null;
  useAction("mergeCustomer", () => setMerging({ with: first }), mayMerge);
  useAction("splitCustomer", () => setSplitting(latest ?? null), latest !== undefined);
  if (!data) return null;
  const { alike, absorbed } = data;
  const nothing = alike.length === 0 && absorbed.length === 0;
  const dialogs = (
    <>
      {merging && <MergeDialog id={id} chosen={merging.with} onClose={() => setMerging(null)} />}
      {splitting && <Split id={id} one={splitting} onClose={() => setSplitting(null)} />}
    </>
  );
  if (brief && alike.length === 0) return dialogs;
  if (nothing && !mayMerge) return null;

  return (
    <section className={block.block} aria-label={t("people.title")} data-testid="people">
      <div className={block.head}>
        <h2 className="grow">{t(alike.length > 0 ? "people.alike" : "people.title")}</h2>
        {mayMerge && !brief && (
          <Button
            size="sm"
            look="ghost"
            onClick={() => setMerging({ with: null })}
            title={keyText("mergeCustomer")}
            data-testid="merge-open"
          >
            {t("people.find")}
          </Button>
        )}
      </div>
      {alike.map((one) => (
        <Alike key={one.person.id} one={one} onMerge={() => setMerging({ with: one.person.id })} />
      ))}
      {!brief &&
        absorbed.map((one) => (
          <Absorbed key={one.id} one={one} onSplit={() => setSplitting(one)} />
        ))}
      {!brief && nothing && <p className={css.none}>{t("people.none")}</p>}
      {dialogs}
    </section>
  );
};

const Alike: FC<{ one: AlikeView; onMerge: () => void }> = ({ one, onMerge }) => {
  const { t, i18n } = useTranslation();
  const name = useName();
  const now = useNow();
  const { person, by } = one;
  return (
    <div className={css.alike} data-testid="alike">
      <div className={css.who}>
        <p className={css.name}>
          <span className="one">{name(person)}</span>
          {person.value_tier !== "normal" && <Tag>{t(`tier.${person.value_tier}`)}</Tag>}
        </p>
        <p className={css.facts}>
          {by.map((field) => (
            <Tag key={field} tone="warning">
              {t(`people.same.${field}`)}
            </Tag>
          ))}
          <span className="one">
            {t("people.visits", { n: person.conversations })}
            {person.last_at !== null &&
              t("people.last", { date: dateText(person.last_at, now, i18n.language) })}
          </span>
        </p>
      </div>
      <Button
        size="sm"
        onClick={onMerge}
        title={keyText("mergeCustomer")}
        data-testid="alike-merge"
      >
        {t("people.merge")}
      </Button>
    </div>
  );
};

const Absorbed: FC<{ one: AbsorbedView; onSplit: () => void }> = ({ one, onSplit }) => {
  const { t, i18n } = useTranslation();
  const name = useName();
  const now = useNow();
  return (
    <div className={css.alike} data-testid="absorbed">
      <div className={css.who}>
        <p className={css.name}>
          <Icon name="link" size={14} />
          <span className="one">{t("people.absorbed", { name: name(one) })}</span>
        </p>
        <p className={css.facts}>
          <span className="one">
            {t("people.by", { by: one.by, date: dateText(one.at, now, i18n.language) })}
          </span>
        </p>
      </div>
      {one.may_split && (
        <Button size="sm" onClick={onSplit} title={keyText("splitCustomer")} data-testid="split">
          {t("people.split")}
        </Button>
      )}
    </div>
  );
};

type SplitProps = { id: ConversationId; one: AbsorbedView; onClose: () => void };

const Split: FC<SplitProps> = ({ id, one, onClose }) => {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const name = useName();
  const now = useNow();
  const split = async () => {
    onClose();
    try {
      const next = await call("people.split", { conversation_id: id, contact_id: one.id });
      client.setQueryData(keys.people(id), next);
      saidFinal(useDesk, "success", t("people.splitDone"));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("people.splitSure", { name: name(one) })}
      text={t("people.splitText", { date: dateText(one.until, now, i18n.language) })}
      testId="split-dialog"
      foot={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button look="primary" onClick={() => void split()} data-testid="split-do">
            {t("people.split")}
          </Button>
        </>
      }
    />
  );
};

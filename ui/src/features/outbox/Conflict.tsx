import { type FC, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import { call } from "@/ipc/call";
import type { Choice } from "@/ipc/generated/Choice";
import type { ConflictView } from "@/ipc/generated/ConflictView";
import type { FieldValue } from "@/ipc/generated/FieldValue";
import { Button, LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { toast } from "@/kit/Notice";
import { timeOfDay } from "@/lib/time";
import { useRoutes } from "@/routes";
import css from "./Conflicts.module.css";
import { Editor } from "./Editor";
import { valueText } from "./value";

/** One field in conflict: what was there, what the agent made of it and what somebody else did. */
export const Conflict: FC<{ item: ConflictView }> = ({ item }) => {
  const { t } = useTranslation();
  const openConversation = useRoutes((routes) => routes.openConversation);
  const [edited, setEdited] = useState<FieldValue | null>(null);
  const [busy, setBusy] = useState(false);
  const { conversation_id, base, mine, theirs } = item;
  const field = t(`property.field.${theirs.field}`);
  const by = item.authority === "bot" ? t("conflict.bot") : item.by;
  const name = item.name || t("conflict.unknown");

  const end = async (choice: Choice, said: string) => {
    setBusy(true);
    try {
      await call("conflict.resolve", { conversation_id, field: theirs.field, choice });
      toast("success", said);
    } catch (error) {
      toast("danger", errorText(t, error));
    }
    setBusy(false);
  };
  const takeMine = () => void end({ kind: "mine" }, t("conflict.tookMine"));
  const keepTheirs = () => void end({ kind: "theirs" }, t("conflict.keptTheirs"));
  const merge = () => setEdited(item.merged);
  const saveMerged = () =>
    edited && void end({ kind: "merged", value: edited }, t("conflict.mergedDone"));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || busy) return;
    const act = { "1": takeMine, "2": keepTheirs, "3": merge }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <article
      className={css.card}
      aria-label={t("conflict.label", { name, field })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a card is gone to and decided by key
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="conflict"
      data-field={theirs.field}
    >
      <header className={css.head}>
        <h4>{field}</h4>
        <span className="small muted one grow">
          {name} {item.number}
        </span>
        <LinkButton className="small" onClick={() => openConversation(conversation_id)}>
          {t("outbox.open")}
        </LinkButton>
      </header>
      <div className={css.three}>
        <Side title={t("conflict.base")} value={base} base={base} isBase />
        <Side title={t("conflict.mine")} value={mine} base={base} testId="conflict-mine" />
        <Side
          title={t("conflict.theirs")}
          note={t("conflict.byAt", {
            name: item.authority === "lead" ? t("conflict.lead", { name: by }) : by,
            time: timeOfDay(item.at),
          })}
          value={theirs}
          base={base}
          testId="conflict-theirs"
        />
      </div>
      {edited === null ? (
        <div className={css.acts}>
          <Button size="sm" keys="1" disabled={busy} onClick={takeMine} data-testid="take-mine">
            {t("conflict.takeMine")}
          </Button>
          <Button size="sm" keys="2" disabled={busy} onClick={keepTheirs} data-testid="keep-theirs">
            {t("conflict.keepTheirs")}
          </Button>
          <Button size="sm" keys="3" disabled={busy} onClick={merge} data-testid="merge">
            {t("conflict.merge")}
          </Button>
        </div>
      ) : (
        <Editor
          value={edited}
          busy={busy}
          onChange={setEdited}
          onSave={saveMerged}
          onCancel={() => setEdited(null)}
        />
      )}
    </article>
  );
};

type SideProps = {
  title: string;
  note?: string;
  value: FieldValue;
  base: FieldValue;
  isBase?: boolean;
  testId?: string;
};

const Side: FC<SideProps> = ({ title, note, value, base, isBase = false, testId }) => {
  const { t } = useTranslation();
  const text = valueText(t, value);
  const before = new Set(valueText(t, base).split("\n"));
  const lines = text.split("\n");
  return (
    <div className={cx(css.side, isBase && css.base)} data-testid={testId}>
      <p className={css.who}>
        {title}
        {note && (
          <>
            <i className="sep" />
            {note}
          </>
        )}
      </p>
      <div className={css.value}>
        {text === "" ? (
          <p className="muted">{t("conflict.empty")}</p>
        ) : (
          lines.map((line, at) => (
            // Lines have no names of their own, and none of them moves.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <p key={at} className={!isBase && !before.has(line) ? css.new : undefined}>
              {line}
            </p>
          ))
        )}
      </div>
    </div>
  );
};

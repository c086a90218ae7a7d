import { type FC, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import type { TicketView } from "@/ipc/generated/TicketView";
import { useTicketColleagues } from "@/ipc/tickets";
import { Button } from "@/kit/Button";
import { AreaField } from "@/kit/FormField";
import { composing } from "@/lib/ime";
import { byteLength } from "@/lib/text";
import { useMentions } from "@/parts/useMentions";
import { useDesk } from "../store";
import { useUnsaved } from "../unsaved";
import { useStart } from "../useStart";
import { useTicketActs } from "../useTicketActs";
import css from "./Detail.module.css";

const MAX_BYTES = 4_000;

/** A note, and the one act that comes next. */
export const Dock: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const { writing, set } = useDesk();
  const { comment } = useTicketActs();
  const { id } = view.row;
  const { writeNote, noteSaved } = useUnsaved();
  const text = useUnsaved(({ notes }) => notes[id] ?? "");
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const [near, setNear] = useState(text !== "");
  const { data } = useTicketColleagues(id, near && view.can.comment);
  const mentions = useMentions({
    area,
    text,
    write: (words) => writeNote(id, words),
    colleagues: data?.items ?? [],
  });
  const { named } = mentions;
  useEffect(() => {
    if (!writing) return;
    area.current?.focus();
    set({ writing: false });
  }, [writing, set]);
  const over = byteLength(text) - MAX_BYTES;
  const save = async () => {
    if (text.trim() === "" || over > 0 || busy) return;
    setBusy(true);
    const told = named.map(({ id }) => id);
    if (await comment(id, text.trim(), told)) noteSaved(id, text);
    setBusy(false);
  };
  return (
    <div className={css.dock}>
      {view.can.comment && (
        <div className={css.note}>
          {mentions.list}
          <AreaField
            ref={area}
            label={t("ticket.note")}
            hideLabel
            placeholder={t("ticket.noteHint")}
            value={text}
            rows={1}
            className={css.noteText}
            error={over > 0 ? t("property.tooLong", { n: over }) : undefined}
            hint={
              named.length > 0
                ? t("note.tells", { names: named.map(({ name }) => name).join("、") })
                : undefined
            }
            {...mentions.box}
            onFocus={() => setNear(true)}
            onKeyDown={(event) => {
              if (composing(event.nativeEvent) || mentions.onKeyDown(event)) return;
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                void save();
              } else if (event.key === "Escape") {
                event.preventDefault();
                event.stopPropagation();
                event.currentTarget.blur();
              }
            }}
            data-testid="ticket-note"
          />
        </div>
      )}
      {view.can.comment && text.trim() !== "" && (
        <Button
          disabled={over > 0}
          busy={busy}
          onClick={() => void save()}
          data-testid="ticket-note-save"
        >
          {t("ticket.addNote")}
        </Button>
      )}
      <Next view={view} />
    </div>
  );
};

/** The act that comes next by the state; the others are in the menu. */
const Next: FC<{ view: TicketView }> = ({ view }) => {
  const { t } = useTranslation();
  const { claim, verify } = useTicketActs();
  const set = useDesk((desk) => desk.set);
  const start = useStart();
  const { row, can } = view;
  if (can.verify)
    return (
      <>
        <Button
          onClick={() => set({ asking: { kind: "verify", id: row.id, ok: false } })}
          data-testid="ticket-verify-fail"
        >
          {t("ticket.verifyFail")}
        </Button>
        <Button
          look="primary"
          keys={keyText("ticketVerify")}
          onClick={() => void verify(row.id, true, "")}
          data-testid="ticket-verify-ok"
        >
          {t("ticket.verifyOk")}
        </Button>
      </>
    );
  if (can.claim && row.assignee === "")
    return (
      <Button
        look="primary"
        keys={keyText("ticketClaim")}
        onClick={() => void claim(row.id)}
        data-testid="ticket-claim"
      >
        {t("ticket.claim")}
      </Button>
    );
  if (row.moves.includes("resolved"))
    return (
      <Button
        look="primary"
        keys={keyText("resolve")}
        onClick={() => start(row, "resolved")}
        data-testid="ticket-resolve"
      >
        {t("ticket.resolve")}
      </Button>
    );
  return null;
};

import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketEventView } from "@/ipc/generated/TicketEventView";
import { LinkButton } from "@/kit/Button";
import { Tag } from "@/kit/Marks";
import { Timeline } from "@/kit/Timeline";
import { useNow } from "@/lib/now";
import css from "./Detail.module.css";
import { momentText } from "./Promises";
import { eventWords, toneOf } from "./words";

/** What happened, the newest first. */
export const History: FC<{ events: readonly TicketEventView[] }> = ({ events }) => {
  const { t } = useTranslation();
  const now = useNow();
  const [notesOnly, setNotesOnly] = useState(false);
  const shown = events
    .map((event, place) => ({ event, place }))
    .filter(({ event }) => !notesOnly || eventWords(t, event.what, String).note !== "")
    .reverse();
  return (
    <section className={css.block} aria-label={t("ticket.history")}>
      <div className={css.blockHead}>
        <h2>{t("ticket.history")}</h2>
        <LinkButton
          className="small"
          aria-pressed={notesOnly}
          onClick={() => setNotesOnly(!notesOnly)}
          data-testid="ticket-notes-only"
        >
          {t(notesOnly ? "ticket.allEvents" : "ticket.notesOnly")}
        </LinkButton>
      </div>
      {shown.length === 0 && <p className="small muted">{t("ticket.noNotes")}</p>}
      <Timeline
        label={t("ticket.history")}
        testId="ticket-history"
        items={shown.map(({ event, place }) => {
          const { text, note } = eventWords(
            t,
            event.what,
            (at) => momentText(at, now),
            event.by === "",
          );
          const who = event.by || t("ticket.event.system");
          return {
            key: String(place),
            tone: toneOf(event.what),
            meta: (
              <span className="num">
                {momentText(event.at, now)} {who}
                {event.by !== "" && event.department !== "" && (
                  <>
                    <i className="sep" />
                    {event.department}
                  </>
                )}
              </span>
            ),
            children: (
              <p>
                {text === "" || note === ""
                  ? text || note
                  : t("ticket.event.note", { what: text, note })}
                {event.mentions_me && (
                  <span className={css.named} data-testid="ticket-names-me">
                    <Tag tone="accent">{t("note.namesYou")}</Tag>
                  </span>
                )}
              </p>
            ),
          };
        })}
      />
    </section>
  );
};

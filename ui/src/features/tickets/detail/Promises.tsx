import { type FC, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLength } from "@/i18n/useLength";
import type { TicketSlaView } from "@/ipc/generated/TicketSlaView";
import { LinkButton } from "@/kit/Button";
import { cx } from "@/kit/cx";
import { RingText, type RingTone } from "@/kit/Ring";
import { SegmentBar } from "@/kit/SegmentBar";
import { useNow } from "@/lib/now";
import { daysAgo, timeOfDay } from "@/lib/time";
import css from "./Detail.module.css";
import { drawn, type Stretch, stretches } from "./explain";

/** A moment within some days: `10:42`, or `11-25 18:00`. */
export const momentText = (at: number, now: number): string => {
  const date = new Date(at);
  return daysAgo(at, now) === 0
    ? timeOfDay(at)
    : `${date.getMonth() + 1}-${date.getDate()} ${timeOfDay(at)}`;
};

const toneOf = (sla: TicketSlaView): RingTone => {
  if (sla.state === "breached") return "breached";
  if (sla.paused) return "paused";
  return sla.state === "pending" && sla.used_ms >= sla.warn_ms ? "soon" : "ok";
};

/** The promises of a ticket; each tells how it counts. */
export const Promises: FC<{ slas: readonly TicketSlaView[] }> = ({ slas }) => {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (slas.length === 0) return null;
  const running = slas.filter(({ completed_at }) => completed_at === null);
  const ended = slas.filter(({ completed_at }) => completed_at !== null);
  // What can still be kept comes first; without any there is nothing to leave out.
  const withEnded = all || running.length === 0;
  return (
    <section className={css.block} aria-label={t("ticket.sla.title")} data-testid="ticket-slas">
      <div className={css.blockHead}>
        <h2>{t("ticket.sla.title")}</h2>
        {running.length > 0 && ended.length > 0 && (
          <LinkButton
            className="small"
            aria-expanded={all}
            onClick={() => setAll(!all)}
            data-testid="ticket-slas-ended"
          >
            {t(all ? "ticket.sla.hideEnded" : "ticket.sla.ended", { n: ended.length })}
          </LinkButton>
        )}
      </div>
      {[...running, ...(withEnded ? ended : [])].map((sla) => (
        <Promised key={`${sla.metric}-${sla.started_at}`} sla={sla} />
      ))}
    </section>
  );
};

const Promised: FC<{ sla: TicketSlaView }> = ({ sla }) => {
  const { t } = useTranslation();
  const length = useLength();
  const now = useNow();
  const [open, setOpen] = useState(false);
  const all = stretches(sla);
  const lengths = drawn(all, sla.target_ms);
  const words = useWords();
  const left = sla.target_ms - sla.used_ms;
  const stands = () => {
    if (sla.completed_at !== null && sla.state !== "pending") return t(`ticket.sla.${sla.state}`);
    if (left < 0) return t("ticket.sla.over", { span: length(-left) });
    return t(sla.paused ? "ticket.sla.pausedLeft" : "ticket.sla.left", { span: length(left) });
  };
  return (
    <div className={css.promise} data-testid="ticket-sla" data-metric={sla.metric}>
      <div className={css.promiseHead}>
        <span>{t(`ticket.sla.${sla.metric}`)}</span>
        <RingText tone={toneOf(sla)} value={Math.min(1, sla.used_ms / Math.max(1, sla.target_ms))}>
          {stands()}
        </RingText>
        {sla.due_at !== null && sla.completed_at === null && left >= 0 && (
          <span className="small muted num one">
            {t("ticket.sla.due", { time: momentText(sla.due_at, now) })}
          </span>
        )}
        <span className="grow" />
        <LinkButton
          className="small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          data-testid="ticket-sla-why"
        >
          {t(open ? "ticket.sla.hide" : "ticket.sla.why")}
        </LinkButton>
      </div>
      <SegmentBar
        label={t("ticket.sla.explain", { metric: t(`ticket.sla.${sla.metric}`) })}
        segments={all.map((stretch, place) => ({
          key: stretch.key,
          tone: stretch.tone,
          length: lengths[place] ?? 0,
          title: `${words(stretch)} ${length(stretch.length)}`,
        }))}
      />
      {open && (
        <>
          <ol className={css.stretches}>
            {all
              .filter(({ tone }) => tone !== "left")
              .map((stretch) => (
                <li key={stretch.key} className={css.stretch}>
                  <i className={cx(css.dot, css[`dot_${stretch.tone}`])} aria-hidden="true" />
                  <span className="one">{words(stretch)}</span>
                  <span className="num muted">
                    {t("ticket.sla.stretch", {
                      from: momentText(stretch.from, now),
                      to: momentText(stretch.to, now),
                    })}
                  </span>
                  <span className="num">{length(stretch.length)}</span>
                </li>
              ))}
          </ol>
          <p className="small muted">
            {t("ticket.sla.used", {
              used: length(sla.used_ms),
              target: length(sla.target_ms),
            })}
            {sla.hours !== "" && <span>{t("ticket.sla.by", { hours: sla.hours })}</span>}
          </p>
        </>
      )}
    </div>
  );
};

const useWords = (): ((stretch: Stretch) => string) => {
  const { t } = useTranslation();
  return ({ what, tone }) => {
    switch (what.kind) {
      case "running":
        return t(tone === "over" ? "ticket.sla.tooLong" : "ticket.sla.running");
      case "closed":
        return what.holiday === ""
          ? t("ticket.sla.closed")
          : t("ticket.sla.holiday", { name: what.holiday });
      case "paused":
        return t(`ticket.sla.pausedFor.${what.why}`);
      case "rest":
        return t("ticket.sla.rest");
    }
  };
};

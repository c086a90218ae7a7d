import { type FC, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyText } from "@/hotkeys";
import { useConnection } from "@/ipc/queries";
import { IconButton } from "@/kit/Button";
import { Chart } from "@/kit/chart/Chart";
import { Legend } from "@/kit/chart/Legend";
import { cx } from "@/kit/cx";
import { Icon } from "@/kit/Icon";
import { useNow } from "@/lib/now";
import { cardOf } from "./card";
import { figuresOf, sentenceOf } from "./figures";
import { asOfText, stampText } from "./period";
import { useRoom } from "./store";
import type { Shown } from "./useBoard";
import css from "./Wallboard.module.css";

const FIGURES = [
  "volume",
  "backlog",
  "auto_response",
  "coverage",
  "first_response_p50",
  "failure",
  "satisfaction",
  "sla_breach",
] as const;
const CHARTS = ["volume", "backlog"] as const;

/** The numbers of today over the whole screen, for a wall that is read from afar. */
export const Wallboard: FC<{ shown: Shown }> = ({ shown }) => {
  const { t } = useTranslation();
  const set = useRoom((room) => room.set);
  const wall = useRef<HTMLElement>(null);
  const leave = () => set({ wall: false });
  useFullScreen(leave);
  useEffect(() => {
    wall.current?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") leave();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  });
  const figures = figuresOf(t, shown, undefined);
  return (
    <main
      ref={wall}
      className={css.wall}
      aria-label={t("metrics.wall.title")}
      tabIndex={-1}
      data-testid="wallboard"
    >
      <Top shown={shown} onLeave={leave} />
      <div className={css.figures}>
        {FIGURES.map((metric) => {
          const card = cardOf(t, shown, metric);
          return (
            card && (
              <section
                key={metric}
                className={cx(css.figure, card.isBeyond && css.beyond)}
                data-testid={`wall-${metric}`}
              >
                <h2>{card.name}</h2>
                <p className={css.value}>
                  {card.figure}
                  {card.unit && <small>{card.unit}</small>}
                </p>
                <p className={css.note}>
                  {[card.beside, card.before, card.difference, card.isBeyond ? card.bound : ""].map(
                    (text) => text && <span key={text}>{text}</span>,
                  )}
                </p>
              </section>
            )
          );
        })}
      </div>
      <div className={css.charts}>
        {CHARTS.map((id) => {
          const figure = figures.find((each) => each.id === id);
          if (!figure) return null;
          const { spec } = figure;
          return (
            <figure key={id} className={css.chart}>
              <figcaption className={css.chartHead}>
                <h2>{figure.title}</h2>
                {spec.kind === "lines" || spec.kind === "bars" ? <Legend spec={spec} /> : null}
              </figcaption>
              <Chart
                label={sentenceOf(t, figure)}
                spec={spec}
                corner={figure.corner}
                asTable={false}
                emptyText={t("metrics.nothing")}
                size="wall"
              />
            </figure>
          );
        })}
      </div>
    </main>
  );
};

/** Of what, how fresh, the time, and the way out. */
const Top: FC<{ shown: Shown; onLeave: () => void }> = ({ shown, onLeave }) => {
  const { t } = useTranslation();
  const now = useNow();
  const group = useRoom((room) => room.group);
  const { data: connection } = useConnection();
  const { board, offset } = shown;
  const name = board?.groups.find(({ id }) => id === group)?.name ?? t("metrics.allGroups");
  return (
    <header className={css.top}>
      <h1>{t("metrics.wall.title")}</h1>
      <span className={css.part}>{name}</span>
      <span className="grow" />
      {connection?.state === "offline" && (
        <span className={css.offline}>
          <Icon name="offline" size={20} />
          {t("strip.offline")}
        </span>
      )}
      {board?.as_of && (
        <span className={css.fresh}>
          {t("metrics.asOf", { time: asOfText(board.as_of, now, offset) })}
        </span>
      )}
      <time className={css.clock}>{stampText(now, offset).slice(11)}</time>
      <IconButton
        icon="x"
        size="lg"
        label={`${t("metrics.wall.leave")}（${t("metrics.wall.keys", { keys: keyText("wallboard") })}）`}
        className={css.leave}
        onClick={onLeave}
        data-testid="wallboard-leave"
      />
    </header>
  );
};

/** Takes the whole screen where the system lets it; leaving that leaves the wall. */
function useFullScreen(onLeft: () => void): void {
  const left = useRef(onLeft);
  useEffect(() => {
    left.current = onLeft;
  });
  useEffect(() => {
    const root = document.documentElement;
    // Only somebody who has just pressed something may; else the wall still fills the window.
    if (navigator.userActivation?.isActive !== false)
      void root.requestFullscreen?.().catch(() => undefined);
    const changed = () => {
      if (!document.fullscreenElement) left.current();
    };
    document.addEventListener("fullscreenchange", changed);
    return () => {
      document.removeEventListener("fullscreenchange", changed);
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
    };
  }, []);
}

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { AlertPreview } from "@/ipc/generated/AlertPreview";
import type { PreviewPoint } from "@/ipc/generated/PreviewPoint";
import type { Unit } from "@/ipc/generated/Unit";
import { dateText, daysAgo, timeOfDay } from "@/lib/time";
import { levelText } from "../words";
import css from "./Preview.module.css";

const WIDTH = 360;
const HEIGHT = 120;

/** The number's course with its limit; the times in which it would have been an alert are tinted. */
export const Course: FC<{ preview: AlertPreview; unit: Unit }> = ({ preview, unit }) => {
  const { t, i18n } = useTranslation();
  const { course, limits, fired, from, to, n_fired } = preview;
  const levels = [...course, ...limits].flatMap(({ level }) => (level === null ? [] : [level]));
  // One point makes no course.
  if (course.filter(({ level }) => level !== null).length < 2)
    return <p className="small soft">{t("alerts.preview.noData")}</p>;
  const top = Math.max(...levels) * 1.08 || 1;
  const x = (at: number) => ((at - from) / (to - from || 1)) * WIDTH;
  const y = (level: number) => HEIGHT - (level / top) * HEIGHT;
  const now = Date.now();
  const inADay = daysAgo(from, to) === 0;
  const end = (at: number) => (inADay ? timeOfDay(at) : dateText(at, now, i18n.language));
  return (
    <figure>
      <svg
        className={css.course}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("alerts.preview.chart", {
          n: n_fired,
          top: levelText(unit, Math.max(...levels), i18n.language),
        })}
      >
        {fired.map((alert) => {
          const until = alert.to ?? to;
          return (
            <g key={alert.from}>
              <rect
                className={css.bad}
                x={x(alert.from)}
                width={Math.max(1, x(until) - x(alert.from))}
                y={0}
                height={HEIGHT}
              />
              <path className={css.edge} d={`M${x(alert.from)} 0V${HEIGHT}`} />
            </g>
          );
        })}
        <path className={css.limit} d={path(limits, x, y)} />
        <path className={css.level} d={path(course, x, y)} />
      </svg>
      <div className={css.axis} aria-hidden="true">
        <span>{end(from)}</span>
        <span>{end(to)}</span>
      </div>
      <figcaption className={css.legend}>
        <span>{t("alerts.preview.level")}</span>
        <span className={css.ofLimit}>{t("alerts.preview.limit")}</span>
        {fired.length > 0 && <span className={css.ofAlert}>{t("alerts.preview.alert")}</span>}
      </figcaption>
    </figure>
  );
};

/** A line through the points; where nothing is known it is broken. */
function path(
  points: readonly PreviewPoint[],
  x: (at: number) => number,
  y: (level: number) => number,
): string {
  let out = "";
  let draws = false;
  for (const { at, level } of points) {
    if (level !== null) out += `${draws ? "L" : "M"}${x(at).toFixed(1)} ${y(level).toFixed(1)}`;
    draws = level !== null;
  }
  return out;
}

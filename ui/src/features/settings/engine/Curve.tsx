import type { FC } from "react";
import { useTranslation } from "react-i18next";
import type { CurvePoint } from "@/ipc/generated/CurvePoint";
import type { EngineView } from "@/ipc/generated/EngineView";
import type { TargetPoint } from "@/ipc/generated/TargetPoint";
import css from "./Curve.module.css";
import { percent } from "./draft";

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 44;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 36;
const LOWEST = 700;
const TARGETS_IN_TABLE = new Set([800, 850, 900, 925, 950, 960, 970, 980, 990]);

const x = (coverage: number) => LEFT + (coverage / 1000) * (WIDTH - LEFT - RIGHT);
const y = (precision: number) => {
  const share = (Math.max(LOWEST, precision) - LOWEST) / (1000 - LOWEST);
  return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
};
const at = (point: CurvePoint) =>
  `${x(point.coverage).toFixed(1)},${y(point.precision).toFixed(1)}`;

/** Precision against coverage, where the bot stands now, and where the target would put it. */
export const Curve: FC<{ view: EngineView; chosen: TargetPoint | undefined }> = ({
  view,
  chosen,
}) => {
  const { t } = useTranslation();
  const { curve, now, targets } = view;
  if (curve.points.length === 0) return <p className="muted">{t("engine.noCurve")}</p>;
  return (
    <figure className={css.figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={css.chart}
        role="img"
        aria-label={t("engine.curveLabel")}
        data-testid="engine-curve"
      >
        {[700, 800, 900, 1000].map((precision) => (
          <g key={precision}>
            <line
              className={css.grid}
              x1={LEFT}
              x2={WIDTH - RIGHT}
              y1={y(precision)}
              y2={y(precision)}
            />
            <text className={css.tick} x={LEFT - 8} y={y(precision) + 4} textAnchor="end">
              {percent(precision)}%
            </text>
          </g>
        ))}
        {[0, 200, 400, 600, 800, 1000].map((coverage) => (
          <text
            key={coverage}
            className={css.tick}
            x={x(coverage)}
            y={HEIGHT - BOTTOM + 16}
            textAnchor="middle"
          >
            {percent(coverage)}%
          </text>
        ))}
        <text className={css.axis} x={WIDTH - RIGHT} y={HEIGHT - 4} textAnchor="end">
          {t("engine.coverageAxis")}
        </text>
        <text className={css.axis} x={LEFT} y={HEIGHT - 4}>
          {t("engine.precisionAxis")}
        </text>
        {chosen && (
          <line
            className={css.aim}
            x1={LEFT}
            x2={WIDTH - RIGHT}
            y1={y(chosen.target)}
            y2={y(chosen.target)}
          />
        )}
        <polyline className={css.line} points={curve.points.map(at).join(" ")} />
        {now && <circle className={css.now} cx={x(now.coverage)} cy={y(now.precision)} r="5" />}
        {chosen && (
          <circle
            className={css.chosen}
            cx={x(chosen.point.coverage)}
            cy={y(chosen.point.precision)}
            r="6"
          />
        )}
      </svg>
      <figcaption className={css.legend}>
        <span className={css.key}>
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <circle className={css.now} cx="6" cy="6" r="4" />
          </svg>
          {t("engine.keyNow")}
        </span>
        {chosen && (
          <span className={css.key}>
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <circle className={css.chosen} cx="6" cy="6" r="4" />
            </svg>
            {t("engine.keyChosen", { target: percent(chosen.target) })}
          </span>
        )}
        <span className="grow" />
        <span>
          {t(curve.source === "shipped" ? "engine.curveShipped" : "engine.curveAudited", {
            n: curve.n.toLocaleString(),
          })}
        </span>
      </figcaption>
      <table className={`sr ${css.table}`}>
        <caption>{t("engine.tableCaption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("engine.targetOwn")}</th>
            <th scope="col">{t("engine.precisionAxis")}</th>
            <th scope="col">{t("engine.coverageAxis")}</th>
          </tr>
        </thead>
        <tbody>
          {targets
            .filter(({ target }) => TARGETS_IN_TABLE.has(target))
            .map(({ target, point }) => (
              <tr key={target}>
                <th scope="row">{percent(target)}%</th>
                <td>{percent(point.precision)}%</td>
                <td>{percent(point.coverage)}%</td>
              </tr>
            ))}
        </tbody>
      </table>
    </figure>
  );
};

import { type FC, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { EngineView } from "@/ipc/generated/EngineView";
import { Segments } from "@/kit/Tabs";
import { percent } from "./draft";
import css from "./Engine.module.css";

/** What is offered first to an administrator who sets a target. */
const FIRST = 950;

type Props = {
  view: EngineView;
  target: number | null;
  onTarget: (target: number | null) => void;
  readOnly: boolean;
  children: ReactNode;
};

/** How sure the bot must be: the shipped threshold, or a target of right answers. */
export const Target: FC<Props> = ({ view, target, onTarget, readOnly, children }) => {
  const { t } = useTranslation();
  const id = useId();
  const least = view.targets[0]?.target ?? 0;
  const most = view.targets.at(-1)?.target ?? 1000;
  const chosen = view.targets.find((one) => one.target === target);
  const take = (permille: number) => {
    if (Number.isFinite(permille))
      onTarget(Math.min(most, Math.max(least, Math.round(permille / 5) * 5)));
  };
  return (
    <section className={css.part} aria-labelledby={`${id}-title`}>
      <div className={css.title}>
        <h3 id={`${id}-title`} className="grow">
          {t("engine.target")}
        </h3>
        {!readOnly && (
          <Segments
            label={t("engine.target")}
            value={target === null ? "shipped" : "own"}
            onChange={(kind) => onTarget(kind === "shipped" ? null : FIRST)}
            items={[
              { id: "shipped", label: t("engine.targetShipped") },
              { id: "own", label: t("engine.targetOwn") },
            ]}
          />
        )}
      </div>
      <p className="small muted">{t("engine.targetHint")}</p>
      {target !== null && (
        <div className={css.target}>
          <label htmlFor={`${id}-range`}>{t("engine.targetOwn")}</label>
          <input
            id={`${id}-range`}
            type="range"
            className={css.range}
            min={least}
            max={most}
            step={5}
            value={target}
            disabled={readOnly}
            aria-valuetext={`${percent(target)}%`}
            data-testid="engine-target"
            onChange={(event) => take(event.currentTarget.valueAsNumber)}
          />
          <input
            type="number"
            className={css.number}
            aria-label={t("engine.targetPercent")}
            min={least / 10}
            max={most / 10}
            step={0.5}
            value={target / 10}
            disabled={readOnly}
            onChange={(event) => take(event.currentTarget.valueAsNumber * 10)}
          />
          <span>%</span>
        </div>
      )}
      <div data-testid="engine-expected" role="status">
        {view.now && (
          <p>
            {t("engine.now", {
              precision: percent(view.now.precision),
              coverage: percent(view.now.coverage),
            })}
          </p>
        )}
        {chosen && (
          <p>
            {t(chosen.is_reached ? "engine.expected" : "engine.unreached", {
              target: percent(chosen.target),
              precision: percent(chosen.point.precision),
              coverage: percent(chosen.point.coverage),
            })}
          </p>
        )}
      </div>
      {children}
    </section>
  );
};

import type { FC } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "@/i18n/words";
import type { LiveView } from "@/ipc/generated/LiveView";
import { IconButton } from "@/kit/Button";
import { Chart } from "@/kit/chart/Chart";
import { Legend } from "@/kit/chart/Legend";
import { cx } from "@/kit/cx";
import { Menu, MenuItem } from "@/kit/Menu";
import { toast } from "@/kit/Notice";
import css from "./Figures.module.css";
import { type Figure, figuresOf, sentenceOf } from "./figures";
import { pointEnd } from "./period";
import { useRoom } from "./store";
import type { Shown } from "./useBoard";
import { saveFigure } from "./useExport";

type Props = { shown: Shown; live: LiveView | undefined };

/** The charts, two beside each other where there is room. */
export const Figures: FC<Props> = ({ shown, live }) => {
  const { t } = useTranslation();
  return (
    <div className={css.place}>
      <div className={css.figures}>
        {figuresOf(t, shown, live).map((figure) => (
          <FigureCard key={figure.id} figure={figure} shown={shown} />
        ))}
      </div>
    </div>
  );
};

const FigureCard: FC<{ figure: Figure; shown: Shown }> = ({ figure, shown }) => {
  const { t } = useTranslation();
  const { asTables, set } = useRoom();
  const { id, title, note, spec, open } = figure;
  const pick = (at: number) => {
    const place = open?.(at);
    if (!place) return;
    const { metric, slice } = place;
    const [from, to] =
      place.at === null
        ? [shown.from, shown.to]
        : [place.at, pointEnd(place.at, shown.grain, shown.offset)];
    set({ behind: { metric, from, to, slice } });
  };
  const save = async () => {
    try {
      const path = await saveFigure(figure);
      toast("success", t("metrics.export.done", { path }));
    } catch (error) {
      toast("danger", errorText(t, error));
    }
  };
  return (
    <figure className={cx(css.figure, figure.wide && css.wide)} data-testid={`figure-${id}`}>
      <figcaption className={css.head}>
        <h2 className="one">
          {title}
          {note && <span className={css.note}>{note}</span>}
        </h2>
        {(spec.kind === "lines" || spec.kind === "bars") && <Legend spec={spec} />}
        <Menu
          label={t("metrics.ofFigure", { title })}
          align="end"
          trigger={
            <IconButton
              icon="more"
              size="sm"
              label={t("metrics.ofFigure", { title })}
              data-testid={`figure-more-${id}`}
            />
          }
        >
          <MenuItem icon="rows" onSelect={() => set({ asTables: !asTables })}>
            {t(asTables ? "metrics.pictures" : "metrics.tables")}
          </MenuItem>
          <MenuItem icon="image" onSelect={() => void save()} testId={`figure-save-${id}`}>
            {t("metrics.export.figure")}
          </MenuItem>
        </Menu>
      </figcaption>
      <Chart
        label={sentenceOf(t, figure)}
        spec={spec}
        corner={figure.corner}
        asTable={asTables}
        emptyText={t("metrics.nothing")}
        onPick={open ? pick : undefined}
        testId={`chart-${id}`}
      />
    </figure>
  );
};

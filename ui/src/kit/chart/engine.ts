// The one place that loads ECharts; it is asked for when the first chart is drawn, and only these parts.
import "./frozen";
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { optionOf } from "./option";
import type { Spec } from "./spec";
import type { ChartTokens } from "./tokens";

use([
  BarChart,
  HeatmapChart,
  LineChart,
  GridComponent,
  TooltipComponent,
  VisualMapContinuousComponent,
  CanvasRenderer,
]);

/** A chart on the page. */
export type Drawing = {
  draw: (spec: Spec, tokens: ChartTokens) => void;
  resize: () => void;
  end: () => void;
};

/** Draws into an element; `onPick` is told the place that was pressed: of a heat map row, column. */
export function draw(place: HTMLElement, onPick: (at: number, column: number) => void): Drawing {
  const chart = init(place, null, { renderer: "canvas" });
  chart.on("click", ({ dataIndex, value }) => {
    if (Array.isArray(value)) onPick(Number(value[1]), Number(value[0]));
    else onPick(dataIndex, 0);
  });
  return {
    draw: (spec, tokens) => chart.setOption(optionOf(spec, tokens), { notMerge: true }),
    resize: () => chart.resize(),
    end: () => chart.dispose(),
  };
}

/** A chart as a picture, on no page. `width` and `height` in px, `ratio` dots for each. */
export function paint(
  spec: Spec,
  tokens: ChartTokens,
  size: { width: number; height: number; ratio: number },
): HTMLCanvasElement {
  const { width, height, ratio } = size;
  const chart = init(document.createElement("div"), null, {
    renderer: "canvas",
    width,
    height,
    devicePixelRatio: ratio,
  });
  chart.setOption(optionOf(spec, tokens));
  const picture = chart.renderToCanvas({ pixelRatio: ratio });
  chart.dispose();
  return picture;
}

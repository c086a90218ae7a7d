import { type FC, useEffect, useRef, useState } from "react";
import { cx } from "../cx";
import css from "./Chart.module.css";
import { ChartTable } from "./ChartTable";
import type { Drawing } from "./engine";
import { gridOf, isBlank, type Spec } from "./spec";
import { type ChartTokens, useChartTokens } from "./tokens";

type Props = {
  /** What the chart says, in a sentence. */
  label: string;
  spec: Spec;
  /** Names the first column of the table. */
  corner: string;
  /** Instead of the picture, the table that stands behind it. */
  asTable: boolean;
  emptyText: string;
  /** On a wall it fills its place, and is written large. */
  size?: "desk" | "wall";
  /** Told the place that was pressed, or chosen in the table; of a heat map row, column. */
  onPick?: ((at: number, column: number) => void) | undefined;
  testId?: string;
};

/** A chart with the table behind it: read out where it is not seen, and shown instead where it is wanted. */
export const Chart: FC<Props> = ({
  label,
  spec,
  corner,
  asTable,
  emptyText,
  size = "desk",
  onPick,
  testId,
}) => {
  const blank = isBlank(spec);
  if (blank)
    return (
      <p className={cx(css.blank, "muted", css[size])} data-testid={testId}>
        {emptyText}
      </p>
    );
  return (
    <div className={cx(css.chart, css[size])} data-testid={testId}>
      {!asTable && <Picture label={label} spec={spec} size={size} onPick={onPick} />}
      <ChartTable label={label} grid={gridOf(spec, corner)} shown={asTable} onPick={onPick} />
    </div>
  );
};

/** Asked for once, by the first chart that comes into sight. */
let engine: Promise<typeof import("./engine")> | undefined;

type PictureProps = Pick<Props, "label" | "spec" | "onPick"> & { size: "desk" | "wall" };

/** The picture, drawn once it comes into sight. */
const Picture: FC<PictureProps> = ({ label, spec, size, onPick }) => {
  const place = useRef<HTMLDivElement>(null);
  const tokens = useChartTokens(size);
  const latest = useRef<{ spec: Spec; tokens: ChartTokens; onPick: PictureProps["onPick"] }>({
    spec,
    tokens,
    onPick,
  });
  const drawing = useRef<Drawing>(null);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    latest.current = { spec, tokens, onPick };
    drawing.current?.draw(spec, tokens);
  }, [spec, tokens, onPick]);
  useEffect(() => {
    const node = place.current;
    if (!node) return;
    let gone = false;
    const end = () => {
      drawing.current?.end();
      drawing.current = null;
    };
    const begin = async () => {
      engine ??= import("./engine");
      const { draw } = await engine;
      if (gone || node.clientWidth === 0) return;
      end();
      drawing.current = draw(node, (at, column) => latest.current.onPick?.(at, column));
      drawing.current.draw(latest.current.spec, latest.current.tokens);
      setDrawn(true);
    };
    const stopSeeing = whenSeen(node, () => void begin());
    const stopSizing = whenResized(node, () => drawing.current?.resize());
    const stopZooming = whenZoomed(() => drawing.current && void begin());
    return () => {
      gone = true;
      stopSeeing();
      stopSizing();
      stopZooming();
      end();
    };
  }, []);
  return (
    <div
      ref={place}
      className={cx(css.picture, onPick && css.picks)}
      role="img"
      aria-label={label}
      data-drawn={drawn || undefined}
    />
  );
};

/** Calls once, when the element comes near to what is seen. */
function whenSeen(node: Element, then: () => void): () => void {
  if (typeof IntersectionObserver === "undefined") {
    then();
    return () => undefined;
  }
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      then();
    },
    { rootMargin: "200px" },
  );
  observer.observe(node);
  return () => observer.disconnect();
}

function whenResized(node: Element, then: () => void): () => void {
  if (typeof ResizeObserver === "undefined") return () => undefined;
  const observer = new ResizeObserver(then);
  observer.observe(node);
  return () => observer.disconnect();
}

/** A canvas has the dots of the zoom under which it was made. */
function whenZoomed(then: () => void): () => void {
  if (typeof matchMedia !== "function") return () => undefined;
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  query.addEventListener("change", then);
  return () => query.removeEventListener("change", then);
}

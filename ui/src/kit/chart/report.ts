import { legendOf } from "./legendOf";
import type { Spec } from "./spec";
import type { ChartTokens } from "./tokens";

/** Numbers and charts, as they are sent around or printed. */
export type Report = {
  title: string;
  /** Of when, of what. */
  lines: readonly string[];
  cards: readonly { name: string; figure: string; note: string }[];
  charts: readonly { title: string; spec: Spec }[];
};

const WIDTH = 1_120;
const PAD = 32;
const GAP = 24;
const CARD = { perLine: 5, height: 84 };
const CHART = { height: 248, head: 32 };
const TITLE = { size: 20, height: 40 };
const LINE_PX = 20;

/** The report as the bytes of a PNG, with `ratio` dots for each px. One chart alone is as wide as the page. */
export async function composed(
  report: Report,
  tokens: ChartTokens,
  ratio: number,
): Promise<Uint8Array> {
  const { paint } = await import("./engine");
  const perLine = report.charts.length > 1 ? 2 : 1;
  const cardLines = Math.ceil(report.cards.length / CARD.perLine);
  const chartLines = Math.ceil(report.charts.length / perLine);
  const headHeight = TITLE.height + report.lines.length * LINE_PX + GAP;
  const chartHeight = CHART.head + CHART.height + GAP;
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * ratio;
  canvas.height =
    (2 * PAD +
      headHeight +
      cardLines * CARD.height +
      (cardLines > 0 ? GAP : 0) +
      chartLines * chartHeight -
      GAP) *
    ratio;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas to draw on");
  pen.scale(ratio, ratio);
  pen.fillStyle = tokens.surface;
  pen.fillRect(0, 0, WIDTH, canvas.height / ratio);
  pen.textBaseline = "top";
  const write = (
    text: string,
    x: number,
    y: number,
    size: number,
    colour: string,
    bold = false,
  ) => {
    pen.font = `${bold ? 600 : 400} ${size}px ${tokens.font}`;
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
  };
  write(report.title, PAD, PAD, TITLE.size, tokens.text, true);
  for (const [n, line] of report.lines.entries())
    write(line, PAD, PAD + TITLE.height + n * LINE_PX, 13, tokens.muted);
  let top = PAD + headHeight;
  const cardWidth = (WIDTH - 2 * PAD) / CARD.perLine;
  for (const [n, { name, figure, note }] of report.cards.entries()) {
    const x = PAD + (n % CARD.perLine) * cardWidth;
    const y = top + Math.floor(n / CARD.perLine) * CARD.height;
    write(name, x, y, 12, tokens.muted);
    write(figure, x, y + 18, 26, tokens.text, true);
    write(note, x, y + 50, 12, tokens.muted);
  }
  top += cardLines * CARD.height + (cardLines > 0 ? GAP : 0);
  const chartWidth = (WIDTH - 2 * PAD - (perLine - 1) * GAP) / perLine;
  for (const [n, { title, spec }] of report.charts.entries()) {
    const x = PAD + (n % perLine) * (chartWidth + GAP);
    const y = top + Math.floor(n / perLine) * chartHeight;
    write(title, x, y, 13, tokens.text, true);
    legend(pen, spec, tokens, x + chartWidth, y);
    const size = { width: chartWidth, height: CHART.height, ratio };
    pen.drawImage(paint(spec, tokens, size), x, y + CHART.head, chartWidth, CHART.height);
  }
  return bytesOf(canvas);
}

/** Which colour is what, ending at `right`. */
function legend(
  pen: CanvasRenderingContext2D,
  spec: Spec,
  tokens: ChartTokens,
  right: number,
  y: number,
): void {
  pen.font = `400 12px ${tokens.font}`;
  let x = right;
  for (const { name, colour } of legendOf(spec, tokens).reverse()) {
    x -= pen.measureText(name).width;
    pen.fillStyle = tokens.muted;
    pen.fillText(name, x, y + 1);
    x -= 15;
    pen.fillStyle = colour;
    pen.fillRect(x, y + 6, 10, 3);
    x -= 12;
  }
}

async function bytesOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("no picture was made");
  return new Uint8Array(await blob.arrayBuffer());
}

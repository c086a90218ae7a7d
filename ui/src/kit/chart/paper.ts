import { legendOf } from "./legendOf";
import css from "./paper.module.css";
import type { Report } from "./report";
import { type ChartTokens, paperTokens } from "./tokens";

/** Of a chart on paper, in px: two beside each other fill the width of a page. */
const CHART = { width: 440, height: 204, ratio: 3 };

/**
 * Puts a report on paper: the system asks for a printer or for a file, a PDF among them. Texts and
 * numbers are texts there. What the window shows stays as it is.
 */
export async function printed(report: Report): Promise<void> {
  const { paint } = await import("./engine");
  const tokens = paperTokens();
  const paper = element("section", css.paper);
  paper.dataset.testid = "paper";
  paper.append(element("h1", css.title, report.title));
  for (const line of report.lines) paper.append(element("p", css.line, line));
  paper.append(table(report.cards));
  const figures = report.charts.map(({ title, spec }) => {
    const figure = element("figure", css.figure);
    figure.append(element("figcaption", css.name, title), legend(legendOf(spec, tokens)));
    const picture = paint(spec, tokens, CHART);
    // It comes with the place that it would have on a page of its own.
    picture.removeAttribute("style");
    figure.append(picture);
    return figure;
  });
  // Lines of their own: not every web view keeps the rows of a grid on one page.
  for (let n = 0; n < figures.length; n += 2) {
    const line = element("div", css.pair);
    line.append(...figures.slice(n, n + 2));
    paper.append(line);
  }
  dress(paper, tokens);
  // One that was not fetched from the printer is in nobody's way.
  document.querySelector(`body > .${css.paper}`)?.remove();
  document.body.append(paper);
  window.addEventListener("afterprint", () => paper.remove(), { once: true });
  window.print();
}

function table(cards: Report["cards"]): HTMLElement {
  const all = element("table", css.table);
  for (const { name, figure, note } of cards) {
    const row = element("tr");
    const head = element("th", undefined, name);
    head.setAttribute("scope", "row");
    row.append(head, element("td", css.number, figure), element("td", css.note, note));
    all.append(row);
  }
  return all;
}

function legend(items: ReturnType<typeof legendOf>): HTMLElement {
  const line = element("p", css.legend);
  for (const { name, colour } of items) {
    const item = element("span", css.item, name);
    item.style.setProperty("--look", colour);
    line.append(item);
  }
  return line;
}

/** Paper is white in every theme. */
function dress(paper: HTMLElement, { text, muted, line, font }: ChartTokens): void {
  for (const [name, value] of Object.entries({ text, muted, line, font }))
    paper.style.setProperty(`--paper-${name}`, value);
}

function element(kind: string, name?: string, text?: string): HTMLElement {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

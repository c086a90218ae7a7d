import { useSyncExternalStore } from "react";

/** The tokens that charts are drawn with, as they are now. */
export type ChartTokens = {
  first: string;
  second: string;
  third: string;
  area: string;
  grid: string;
  limit: string;
  surface: string;
  raised: string;
  sunken: string;
  line: string;
  text: string;
  soft: string;
  muted: string;
  onFill: string;
  font: string;
  /** Sizes of digits and of words, in px. */
  digits: number;
  words: number;
};

const NAMES = {
  first: "--chart-1",
  second: "--chart-2",
  third: "--chart-3",
  area: "--chart-area",
  grid: "--chart-grid",
  limit: "--danger-mark",
  surface: "--bg-surface",
  raised: "--bg-raised",
  sunken: "--bg-sunken",
  line: "--line",
  text: "--text",
  soft: "--text-2",
  muted: "--text-3",
  onFill: "--text-on-fill",
  font: "--font",
} as const;

/** `11px/16px …` begins with the size. */
const sizeOf = (type: string, otherwise: number): number => Number.parseFloat(type) || otherwise;

/** Reads the tokens from the page, so that charts have the colours and sizes of everything else. */
export function readTokens(): ChartTokens {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const colours = Object.fromEntries(
    Object.entries(NAMES).map(([key, name]) => [key, read(name)]),
  ) as Record<keyof typeof NAMES, string>;
  return {
    ...colours,
    digits: sizeOf(read("--type-11"), 11),
    words: sizeOf(read("--type-12"), 12),
  };
}

/** The tokens on white, whatever the theme is: for paper. Nothing is drawn in between. */
export function paperTokens(): ChartTokens {
  const root = document.documentElement;
  const { theme } = root.dataset;
  root.dataset.theme = "light";
  const tokens = readTokens();
  if (theme === undefined) delete root.dataset.theme;
  else root.dataset.theme = theme;
  return tokens;
}

const DARK = "(prefers-color-scheme: dark)";
let seen: ChartTokens | undefined;

/** Hears of another theme, by the agent or by the system. */
function subscribe(listener: () => void): () => void {
  const changed = () => {
    seen = undefined;
    listener();
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "data-density"],
  });
  const dark = typeof matchMedia === "function" ? matchMedia(DARK) : null;
  dark?.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark?.removeEventListener("change", changed);
    seen = undefined;
  };
}

const snapshot = (): ChartTokens => {
  seen ??= readTokens();
  return seen;
};

/** A wall is read from afar: what is written on it grows with it. */
const WALL = 1.6;

/** The tokens, anew whenever the theme changes. */
export function useChartTokens(size: "desk" | "wall"): ChartTokens {
  const tokens = useSyncExternalStore(subscribe, snapshot);
  if (size === "desk") return tokens;
  return { ...tokens, digits: tokens.digits * WALL, words: tokens.words * WALL };
}

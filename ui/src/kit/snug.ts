import { type RefObject, useLayoutEffect } from "react";

/** A narrower box may break its lines elsewhere, and be too wide again. */
const ROUNDS = 3;
/** As many pixels of rounding as may lie between a measured line and the box it must fit into. */
const ROUNDING = 1;

/**
 * Makes boxes of wrapped text no wider than their longest line, which style sheets cannot. Call it
 * where the boxes are drawn; whatever has been fitted is not measured again until its text or the
 * room changes.
 */
export function useSnug(box: RefObject<HTMLElement | null>, selector: string): void {
  useLayoutEffect(() => {
    const node = box.current;
    if (node) snug(node, selector);
  });
  useLayoutEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === "undefined") return;
    let width = node.clientWidth;
    const observer = new ResizeObserver(() => {
      if (node.clientWidth === width) return;
      width = node.clientWidth;
      snug(node, selector);
    });
    observer.observe(node);
    return () => observer.disconnect();
  }, [box, selector]);
}

const fitted = new WeakMap<HTMLElement, string>();

/** Reads all, then writes all: a layout or three for any number of boxes. */
function snug(node: HTMLElement, selector: string): void {
  const room = node.clientWidth;
  const state = (each: HTMLElement) => `${room} ${each.textContent}`;
  let open = Array.from(node.querySelectorAll<HTMLElement>(selector)).filter(
    (each) => fitted.get(each) !== state(each),
  );
  for (const each of open) {
    each.style.removeProperty("width");
    fitted.set(each, state(each));
  }
  for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
    const looser = open
      .map((each) => ({ each, width: widthOfText(each), now: each.clientWidth }))
      .filter(({ width, now }) => width !== null && width < now);
    for (const { each, width } of looser) each.style.setProperty("width", `${width}px`);
    open = looser.map(({ each }) => each);
  }
}

/** The width that holds the longest line, or null where the text is one line anyway. */
function widthOfText(element: HTMLElement): number | null {
  const range = document.createRange();
  range.selectNodeContents(element);
  const lines = Array.from(range.getClientRects());
  const top = lines[0]?.top;
  if (top === undefined || lines.every((line) => line.top === top)) return null;
  const start = Math.min(...lines.map(({ left }) => left));
  const end = Math.max(...lines.map(({ right }) => right));
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
  return Math.ceil(end - start + padding) + ROUNDING;
}

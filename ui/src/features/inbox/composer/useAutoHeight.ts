import { type RefObject, useLayoutEffect } from "react";

const MAX_HEIGHT = 240;

/** Grows with the text, up to a part of the window. The height is set through the CSSOM. */
export function useAutoHeight(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const node = area.current;
    if (!node) return;
    node.style.setProperty("height", "auto");
    const height = Math.min(node.scrollHeight, MAX_HEIGHT, Math.max(48, window.innerHeight * 0.35));
    node.style.setProperty("height", text === "" ? "auto" : `${height}px`);
  }, [area, text]);
}

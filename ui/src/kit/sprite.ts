import source from "./icons.svg?raw";

/** Puts the icon symbols into the page once, so that icons are there at the first paint. */
export function mountSprite(): void {
  const sprite = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  document.body.prepend(document.importNode(sprite, true));
}

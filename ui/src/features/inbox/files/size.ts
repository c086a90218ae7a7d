/** `1.2 MB`, as files are measured. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** How large a picture of these sides is drawn inside a box. */
export function sidesIn(width: number, height: number, most: number): { w: number; h: number } {
  const scale = Math.min(1, most / Math.max(width, height, 1));
  return {
    w: Math.max(24, Math.round(width * scale)),
    h: Math.max(24, Math.round(height * scale)),
  };
}

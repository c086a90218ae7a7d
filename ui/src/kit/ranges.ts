/** A span of a text in UTF-16 units, end exclusive. */
export type Span = { start: number; end: number };
export type Piece = { text: string; marked: boolean; at: number };

/** Moves an index off the middle of a surrogate pair, towards the given side. */
function whole(text: string, index: number, side: -1 | 1): number {
  const unit = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  const inside = unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
  return inside ? index + side : index;
}

/**
 * Cuts a text into marked and unmarked pieces that together are the text again. Spans may overlap,
 * stand in any order, reach past the end or cut a surrogate pair; a pair is never cut.
 */
export function pieces(text: string, spans: readonly Span[]): Piece[] {
  const clean = spans
    .map(({ start, end }) => ({
      start: whole(text, Math.max(0, start), -1),
      end: whole(text, Math.min(text.length, end), 1),
    }))
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start);
  const out: Piece[] = [];
  let at = 0;
  for (const { start, end } of clean) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    if (from > at) out.push({ text: text.slice(at, from), marked: false, at });
    const last = out.at(-1);
    if (last?.marked && from === at) last.text += text.slice(from, end);
    else out.push({ text: text.slice(from, end), marked: true, at: from });
    at = end;
  }
  if (at < text.length) out.push({ text: text.slice(at), marked: false, at });
  return out;
}

/** Where the words of a query stand in a text, ignoring case. */
export function find(text: string, query: string): Span[] {
  const spans: Span[] = [];
  const hay = text.toLowerCase();
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    for (let at = hay.indexOf(word); at >= 0; at = hay.indexOf(word, at + word.length)) {
      spans.push({ start: at, end: at + word.length });
    }
  }
  // Lower-casing may change lengths in a few scripts; then nothing is marked rather than the wrong letters.
  return hay.length === text.length ? spans : [];
}

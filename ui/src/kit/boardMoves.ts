/** Where the arrow keys lead on a board, and which way a card may be pushed. */
export type BoardColumn<T> = {
  id: string;
  title: string;
  /** How many there are in all. */
  count: number;
  /** The cards; a hole stands for one that is not known yet. */
  items: readonly (T | undefined)[];
  /** Narrow, without its cards. */
  shut?: boolean;
};
export type Spot = { column: number; row: number };

/** Where a card stands among the columns that show their cards. */
export function spotOf<T>(
  columns: readonly BoardColumn<T>[],
  keyOf: (item: T) => string,
  key: string | null,
): Spot | null {
  for (const [column, { items, shut }] of columns.entries()) {
    if (shut) continue;
    const row = items.findIndex((item) => item !== undefined && keyOf(item) === key);
    if (row >= 0) return { column, row };
  }
  return null;
}

/** Where an arrow leads to, known or not; columns without cards are passed over. */
export function step<T>(
  columns: readonly BoardColumn<T>[],
  keyOf: (item: T) => string,
  key: string | null,
  arrow: string,
): Spot | null {
  const at = (column: number, row: number): Spot | null => {
    const { items, shut } = columns[column] ?? { items: [], shut: true };
    if (shut || items.length === 0) return null;
    return { column, row: Math.min(items.length - 1, Math.max(0, row)) };
  };
  const sideways = (from: number, by: number, row: number) => {
    for (let column = from + by; column >= 0 && column < columns.length; column += by) {
      const found = at(column, row);
      if (found !== null) return found;
    }
    return null;
  };
  const spot = spotOf(columns, keyOf, key);
  if (!spot) return sideways(-1, 1, 0);
  switch (arrow) {
    case "ArrowDown":
      return at(spot.column, spot.row + 1);
    case "ArrowUp":
      return at(spot.column, spot.row - 1);
    case "Home":
      return at(spot.column, 0);
    case "End":
      return at(spot.column, Number.MAX_SAFE_INTEGER);
    case "ArrowRight":
      return sideways(spot.column, 1, spot.row);
    case "ArrowLeft":
      return sideways(spot.column, -1, spot.row);
    default:
      return null;
  }
}

/** The nearest column on that side that takes the card. */
export function pushTo<T>(
  columns: readonly BoardColumn<T>[],
  from: number,
  by: 1 | -1,
  targets: readonly string[],
): string | null {
  for (let column = from + by; column >= 0 && column < columns.length; column += by) {
    const id = columns[column]?.id;
    if (id !== undefined && targets.includes(id)) return id;
  }
  return null;
}

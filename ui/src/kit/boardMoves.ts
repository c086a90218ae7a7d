/** Where the arrow keys lead on a board, and which way a card may be pushed. */
export type BoardColumn<T> = {
  id: string;
  title: string;
  /** How many there are in all; more than `items` where only some are at hand. */
  count: number;
  items: readonly T[];
  /** Narrow, without its cards. */
  shut?: boolean;
  /** Says that there are more cards than these. */
  more?: string;
};
type Spot = { column: number; row: number };

/** Where a card stands among the columns that show their cards. */
export function spotOf<T>(
  columns: readonly BoardColumn<T>[],
  keyOf: (item: T) => string,
  key: string | null,
): Spot | null {
  for (const [column, { items, shut }] of columns.entries()) {
    if (shut) continue;
    const row = items.findIndex((item) => keyOf(item) === key);
    if (row >= 0) return { column, row };
  }
  return null;
}

/** The card that an arrow leads to; columns without cards are passed over. */
export function step<T>(
  columns: readonly BoardColumn<T>[],
  keyOf: (item: T) => string,
  key: string | null,
  arrow: string,
): string | null {
  const at = (column: number, row: number) => {
    const { items, shut } = columns[column] ?? { items: [], shut: true };
    if (shut || items.length === 0) return null;
    const item = items[Math.min(items.length - 1, Math.max(0, row))];
    return item === undefined ? null : keyOf(item);
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

const KB = 1024;
const UNITS = ["KB", "MB", "GB", "TB"];

/** A length in bytes as people read it, `1.2 MB`. */
export function size(nBytes: number): string {
  let value = nBytes / KB;
  let unit = 0;
  while (value >= KB && unit < UNITS.length - 1) {
    value /= KB;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Figures, as a table shows them. */

/** The one in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** A whole number, its thousands apart. */
export function count(figure: number): string {
  return Math.round(figure).toLocaleString("en-GB");
}

/** How one figure compares to another. */
export function ratio(figure: number): string {
  return figure.toFixed(2);
}

/** Milliseconds, or a fraction of one. */
export function ms(figure: number): string {
  return figure.toFixed(figure < 10 ? 2 : 0);
}

/** Bytes as millions of them. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

/**
 * Histograms: how long something took, and how often.
 *
 * @module
 */

/** What a histogram has seen. Spans are milliseconds, with their fractions. */
export interface HistogramReading {
  /** For each bound, in rising order, how many took that long or less. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
  /** All of them, and how long they took together. */
  readonly count: number;
  readonly sum: number;
}

/** What took how long. It is asked on the way of every heartbeat: it makes no object. */
export class Histogram {
  readonly #bounds: Float64Array;
  /** How many took no longer than the bound at this place, and longer than the one before; behind them the rest. */
  readonly #counts: Float64Array;
  /** In an array, for a field that is a fraction would take an object each time. */
  readonly #sum = new Float64Array(1);

  /** @param bounds in milliseconds, in rising order. */
  constructor(bounds: readonly number[]) {
    this.#bounds = Float64Array.from(bounds);
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** Counts one that took so many milliseconds. */
  observe(took: number): void {
    const bounds = this.#bounds;
    let place = 0;
    while (place < bounds.length && took > (bounds[place] as number)) place++;
    (this.#counts[place] as number)++;
    (this.#sum[0] as number) += took;
  }

  /** What it has seen until now. */
  read(): HistogramReading {
    let count = 0;
    const buckets = Array.from(this.#bounds, (upTo, place) => {
      count += this.#counts[place] ?? 0;
      return { upTo, count };
    });
    return { buckets, count: count + (this.#counts.at(-1) ?? 0), sum: this.#sum[0] ?? 0 };
  }
}

/**
 * How long requests took, from when they were taken up to when their answer
 * was handed over. What it does is on the way of every heartbeat.
 *
 * @module
 */

import { Histogram, type HistogramReading } from "../histogram.ts";

/** In milliseconds: a heartbeat of a fast machine, up to a client that is long gone. */
const BOUNDS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** What the answers' codes are gathered to; there are no others. */
const CODES = ["2xx", "3xx", "4xx", "5xx"] as const;

/** What requests are gathered to. */
const KINDS = ["heartbeat", "other"] as const;

/** The requests of a kind that were answered alike. */
export interface RequestSeries {
  readonly kind: typeof KINDS[number];
  readonly code: typeof CODES[number];
  readonly reading: HistogramReading;
}

/** Counts requests by how long they took. */
export class RequestTimes {
  /** One for each kind and code, in that order. */
  readonly #histograms = KINDS.flatMap(() => CODES.map(() => new Histogram(BOUNDS)));

  /** Counts one that was answered with `status` after so many milliseconds. */
  observe(isHeartbeat: boolean, status: number, took: number): void {
    const first = isHeartbeat ? 0 : CODES.length;
    this.#histograms[first + Math.floor(status / 100) - 2]?.observe(took);
  }

  /** All of them, also those that there were none of: a counter is to begin at 0. */
  read(): readonly RequestSeries[] {
    return this.#histograms.map((histogram, place) => ({
      kind: KINDS[Math.floor(place / CODES.length)] ?? "other",
      code: CODES[place % CODES.length] ?? "5xx",
      reading: histogram.read(),
    }));
  }
}

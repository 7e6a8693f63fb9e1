/**
 * What benchmarks found, and what was wanted of it.
 *
 * @module
 */

import { say, table } from "../support/proof.ts";
import { count, ratio } from "./figures.ts";

/** Rounds of each measurement, in turn. */
const ROUNDS = 5;

/** What a figure must satisfy. */
type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** A run of benchmarks: how long it is to be, and what it found. */
export class Results {
  readonly isQuick: boolean;
  readonly rounds = ROUNDS;
  readonly #rows: (readonly string[])[] = [];

  constructor(options: { readonly isQuick: boolean }) {
    this.isQuick = options.isQuick;
  }

  /** Notes a figure and what was wanted of it. */
  hold(what: string, figure: number, bound: Bound): void {
    const [wanted, isReached] = "atLeast" in bound
      ? [`at least ${bound.atLeast}`, figure >= bound.atLeast]
      : [`at most ${bound.atMost}`, figure <= bound.atMost];
    const shown = figure >= 1_000 ? count(figure) : ratio(figure);
    this.#rows.push([what, shown, wanted, isReached ? "reached" : "MISSED"]);
  }

  /** Notes a figure of which nothing was wanted. */
  note(what: string, figure: number): void {
    this.#rows.push([what, figure >= 1_000 ? count(figure) : ratio(figure), "", ""]);
  }

  /** Prints all that was noted. */
  conclude(): void {
    say(`\n${table([["what", "measured", "wanted", ""], ...this.#rows])}`);
  }
}

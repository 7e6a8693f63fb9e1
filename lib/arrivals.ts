/**
 * Arrivals: how many requests have come, counted as they are taken up.
 *
 * @module
 */

import { drained } from "./loop.ts";

/** The most turns that are waited for: under full load no turn is quiet. */
const MOST_TURNS = 25;

/** Counts requests. */
export class Arrivals {
  count = 0;

  /**
   * Resolves once what had come by now has been read, with the first turn that
   * brings nothing: after a loop that stood still hundreds of connections wait
   * to be accepted, which takes several.
   */
  async allRead(): Promise<void> {
    let before: number;
    let turns = 0;
    do {
      before = this.count;
      await drained();
      turns++;
    } while (this.count > before && turns < MOST_TURNS);
  }
}

/**
 * How many apps stand how, however often it is asked for.
 *
 * @module
 */

import { type Duration, type Instant, SECOND } from "../clock.ts";
import { drained } from "../loop.ts";
import type { AppTally } from "../store.ts";
import { Headcount, type HeadcountParts } from "./headcount.ts";

/** For how long a count of more apps than a step takes is good. */
const REMEMBERED_FOR: Duration = 10 * SECOND;

/** Counts all apps, and of very many no more than is asked for anew. */
export class Tallies {
  readonly #parts: HeadcountParts;
  #last: { readonly now: Instant; readonly tally: Promise<AppTally> } | null = null;

  constructor(parts: HeadcountParts) {
    this.#parts = parts;
  }

  /** See `Store.tally()`. */
  async tally(now: Instant): Promise<AppTally> {
    const last = this.#last;
    // A clock that was set back makes none good for longer.
    if (last !== null && Math.abs(now - last.now) < REMEMBERED_FOR) return await last.tally;
    this.#last = null;
    const headcount = new Headcount(this.#parts, now);
    if (!headcount.step()) return headcount.tally;
    const tally = this.#finish(headcount);
    this.#last = { now, tally };
    return await tally;
  }

  async #finish(headcount: Headcount): Promise<AppTally> {
    try {
      do await drained(); while (headcount.step());
      return headcount.tally;
    } catch (error) {
      this.#last = null;
      throw error;
    }
  }
}

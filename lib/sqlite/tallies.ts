/**
 * How many apps stand how, however often it is asked for.
 *
 * @module
 */

import { type Duration, SECOND, type Sight } from "../clock.ts";
import { drained } from "../loop.ts";
import type { AppTally } from "../store.ts";
import { Headcount, type HeadcountParts } from "./headcount.ts";

/** For how long a count of more apps than a step takes is good. */
const REMEMBERED_FOR: Duration = 10 * SECOND;

/** Counts all apps, and of very many no more than is asked for anew. */
export class Tallies {
  readonly #parts: HeadcountParts;
  #last: { readonly sight: Sight; readonly tally: Promise<AppTally> } | null = null;

  constructor(parts: HeadcountParts) {
    this.#parts = parts;
  }

  /** See `Store.tally()`. */
  async tally(sight: Sight): Promise<AppTally> {
    const last = this.#last;
    if (last !== null && isStillGood(last.sight, sight)) return await last.tally;
    this.#last = null;
    const headcount = new Headcount(this.#parts, sight);
    if (!headcount.step()) return headcount.tally;
    const tally = this.#finish(headcount);
    this.#last = { sight, tally };
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

/** Whether what was counted holds. A clock that was set back makes nothing good for longer. */
function isStillGood(before: Sight, { judgedBy, now }: Sight): boolean {
  return Math.abs(judgedBy - before.judgedBy) < REMEMBERED_FOR &&
    Math.abs(now - before.now) < REMEMBERED_FOR;
}

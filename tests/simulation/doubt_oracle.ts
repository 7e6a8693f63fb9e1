/** Holds what nobody knew against what the rules say of it. */

import { clock } from "./chronicle.ts";
import type { Expectation } from "./expectation.ts";
import { Failure } from "./failure.ts";
import type { DoubtRow } from "./witness.ts";

/** Judges doubts, after the flips that end some of them. */
export class DoubtOracle {
  readonly #expected: ReadonlyMap<string, Expectation>;

  constructor(expected: ReadonlyMap<string, Expectation>) {
    this.#expected = expected;
  }

  /** Compares what has been written. */
  look(doubts: readonly DoubtRow[]): void {
    for (const { appId, from, to } of doubts) {
      const its = this.#expected.get(appId)?.doubts ?? [];
      while (its[0]?.isOptional && (its[0].from !== from || its[0].to !== to)) its.shift();
      const expected = its.shift();
      if (expected?.from === from && expected.to === to) continue;
      const told = `unknown from ${clock(from)} to ${clock(to)}`;
      const owed = expected === undefined
        ? "was known all the while"
        : `was so from ${clock(expected.from)} to ${clock(expected.to)}`;
      throw new Failure("broken", appId, `is told to have been ${told}, and ${owed}`);
    }
    for (const [appId, { owed, doubts }] of this.#expected) {
      const missing = doubts.find(({ isOptional }) => !isOptional);
      // A fall that is still to be noticed ends its doubt when it is.
      if (missing === undefined || owed.length > 0) continue;
      const message = `is not told to have been unknown from ${clock(missing.from)} to ` +
        clock(missing.to);
      throw new Failure("broken", appId, message);
    }
  }
}

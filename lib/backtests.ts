/**
 * Backtests, one after the other: each reads some million heartbeats, and all
 * that are asked for at once would leave nobody else any time.
 *
 * @module
 */

import type { Defaults } from "./app.ts";
import { type Backtest, backtest } from "./backtesting.ts";
import { AppError } from "./errors.ts";
import type { Store } from "./store.ts";

/** How many may be asked for at once, with the one under way. */
export const BACKTESTS_LIMIT = 10;

/** Runs backtests. */
export class Backtests {
  readonly #store: Store;
  readonly #defaults: Defaults;
  /** Resolves when the last that was asked for has ended. */
  #last: Promise<void> = Promise.resolve();
  #asked = 0;

  constructor(store: Store, defaults: Defaults) {
    this.#store = store;
    this.#defaults = defaults;
  }

  /**
   * Runs one with other settings than the app's; null if the app is unknown.
   *
   * @throws {AppError} `unavailable` while too many wait.
   */
  async run(id: string, asked: Partial<Defaults>): Promise<Backtest | null> {
    if (this.#asked >= BACKTESTS_LIMIT) {
      throw new AppError("unavailable", "Cannot backtest now: too many others are under way");
    }
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    this.#asked++;
    try {
      await before;
      return await backtest(this.#store, id, { asked, defaults: this.#defaults });
    } finally {
      this.#asked--;
      resolve();
    }
  }
}

/**
 * What was kept for long enough is pruned, a little at a time: once an hour
 * what has become so since.
 *
 * @module
 */

import { type Clock, DAY, type Duration, HOUR } from "./clock.ts";
import { served } from "./loop.ts";
import type { Store } from "./store.ts";

/** How often what has become old is looked for. */
const PRUNE_EVERY: Duration = HOUR;

/** How long every heartbeat is kept, however fast they come. */
const WHOLE_FOR: Duration = DAY;

/** How long history is kept. */
export interface Retention {
  readonly heartbeats: Duration;
  /** Flips, and the letters about them; how many debts there were is known for good. */
  readonly flips: Duration;
  /** Whether heartbeats that were imported are pruned like others. */
  readonly isImportedPruned: boolean;
}

/** What a pruner works with. */
export interface PrunerParts {
  readonly store: Pick<Store, "prune">;
  readonly clock: Clock;
  readonly retention: Retention;
}

/** Prunes what is old. */
export class Pruner {
  readonly #parts: PrunerParts;
  /** By the steady clock. */
  #nextAt: Duration = 0;
  #isUnderWay = false;

  constructor(parts: PrunerParts) {
    this.#parts = parts;
  }

  /** Prunes, if it is time and none is under way; ends early by the signal. */
  async prune(signal: AbortSignal): Promise<void> {
    const { store, clock, retention: { heartbeats, flips, isImportedPruned } } = this.#parts;
    if (this.#isUnderWay || clock.elapsed() < this.#nextAt) return;
    this.#isUnderWay = true;
    try {
      const now = clock.now();
      const limits = {
        heartbeatsBefore: now - heartbeats,
        thinnedBefore: now - WHOLE_FOR,
        flipsBefore: now - flips,
        isImportedPruned,
      };
      while (!signal.aborted && await store.prune(limits)) await served();
      this.#nextAt = clock.elapsed() + PRUNE_EVERY;
    } finally {
      this.#isUnderWay = false;
    }
  }
}

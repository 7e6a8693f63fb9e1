/**
 * Patience with bodies: each is awaited for so long, and then given up.
 *
 * @module
 */

import { type Clock, type Duration, type Instant, SECOND } from "../clock.ts";

/** How long a body may take to come whole. */
export const BODY_PATIENCE: Duration = 10 * SECOND;

/** A body that is on its way. */
export interface Awaited {
  /** Its place among all of them. */
  place: number;
  readonly until: Instant;
  readonly giveUp: () => void;
}

/** Gives up what does not come. */
export class Patience {
  readonly #clock: Clock;
  /**
   * In no order. No Set: one that has got full is linked to the one it was before, and keeps alive
   * for long what was in that (tests/bench/: a tenth fewer heartbeats a second).
   */
  readonly #awaited: Awaited[] = [];
  /** Left to ring when nothing is awaited any more: to set one anew costs more than that. */
  #isAlarmSet = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many bodies are awaited. */
  get count(): number {
    return this.#awaited.length;
  }

  /** Calls `giveUp` when it is over, unless it is dropped before. */
  begin(giveUp: () => void): Awaited {
    const until = this.#clock.now() + BODY_PATIENCE;
    const awaited = { place: this.#awaited.length, until, giveUp };
    this.#awaited.push(awaited);
    if (!this.#isAlarmSet) this.#wakeAt(until);
    return awaited;
  }

  /** Takes it from among all; without effect once it was given up. */
  drop(awaited: Awaited): void {
    const { place } = awaited;
    if (this.#awaited[place] !== awaited) return;
    const last = this.#awaited.pop();
    if (last === undefined || last === awaited) return;
    last.place = place;
    this.#awaited[place] = last;
  }

  #wakeAt(at: Instant): void {
    this.#isAlarmSet = true;
    this.#clock.wakeAt(at, () => this.#giveUp());
  }

  #giveUp(): void {
    this.#isAlarmSet = false;
    const now = this.#clock.now();
    for (const awaited of this.#awaited.filter(({ until }) => until <= now)) {
      this.drop(awaited);
      awaited.giveUp();
    }
    const next = this.#awaited.reduce((first, { until }) => Math.min(first, until), Infinity);
    if (next < Infinity) this.#wakeAt(next);
  }
}

/** Chance that can be repeated: the same seed, the same course of things. */

import type { Duration } from "../../lib/clock.ts";

/** A source of numbers that look like chance (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** A span between the two, short ones as likely as long ones: each doubling has the same share. */
  span(least: Duration, most: Duration): Duration {
    return Math.round(least * (most / least) ** this.fraction());
  }

  /** The wait for something that happens so often on average. */
  wait(mean: Duration): Duration {
    return Math.ceil(-Math.log(1 - this.fraction()) * mean);
  }

  /** One of them. */
  pick<const T>(choices: readonly [T, ...T[]]): T {
    return choices[this.whole(0, choices.length - 1)] ?? choices[0];
  }

  /** A source of its own, so that more drawn here changes nothing there. */
  fork(): Random {
    return new Random(Math.floor(this.fraction() * 2 ** 32));
  }
}

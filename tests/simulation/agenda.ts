/** What is to happen when, in the time that truly passes. */

import type { Duration } from "../../lib/clock.ts";

/** True time: milliseconds since the simulation began. No clock that is set changes it. */
export type Passed = Duration;

/** Something that is to happen. */
export interface Entry {
  at: Passed;
  readonly happen: () => void;
}

/** Things to come; there are few of them at any time, so a list does. */
export class Agenda {
  #entries: Entry[] = [];

  /** Has something happen at a time. */
  add(at: Passed, happen: () => void): Entry {
    const entry = { at, happen };
    this.#entries.push(entry);
    return entry;
  }

  /** Takes something off; without effect once it has happened. */
  remove(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    if (index >= 0) this.#entries.splice(index, 1);
  }

  /** The first of all, of several at once the one that was added first; null for none. */
  next(): Entry | null {
    let first: Entry | null = null;
    for (const entry of this.#entries) if (first === null || entry.at < first.at) first = entry;
    return first;
  }

  /** Puts everything off by a span. */
  shift(by: Duration): void {
    for (const entry of this.#entries) entry.at += by;
  }

  /** Lets nothing happen before a time. */
  hold(until: Passed): void {
    for (const entry of this.#entries) entry.at = Math.max(entry.at, until);
  }

  /** Takes everything off. */
  clear(): void {
    this.#entries = [];
  }
}

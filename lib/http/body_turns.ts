/**
 * Turns: how many large bodies are read at once. What is small is read without.
 *
 * Whoever is beyond that waits, unread, and holds next to nothing. Where one
 * address has most of the turns, whoever comes from another gets one of them at
 * once: who brings many bodies, and slowly, is in nobody's way but their own.
 * Behind one address a turn passes on after a while, and goes to who came last:
 * of a crowd that brings more than can be read, the first are not worth more,
 * and have less time left.
 *
 * @module
 */

import { type Alarm, type Clock, type Duration, SECOND } from "../clock.ts";
import { drained } from "../loop.ts";

/** How many are read at once: what they hold is as many MiB, and on Deno 2.6 some half as much again. */
export const TURNS = 32;

/** How many bytes of a body are read before its turn: nearly all have no more. */
export const FREE_BYTES = 16 * 1024;

/**
 * How many bytes are read between two turns of the event loop: what comes fast
 * is there at once when it is asked for, and nobody else would be heard.
 */
const REST_AFTER = 1024 * 1024;

/** How long a turn lasts while others wait: the largest body comes in by 4 Mbit/s. */
export const TURN_LENGTH: Duration = 2 * SECOND;

/** Who takes turns. */
interface Taker {
  /** The sender's address. */
  readonly from: string;
  /** Its turn is another's now. */
  readonly giveUp: () => void;
}

/** Gives turns. */
export class BodyTurns {
  readonly #clock: Clock;
  /** Since when each has its turn, by the steady clock; the first comes first. */
  readonly #reading = new Map<Taker, Duration>();
  /** The first comes first, here too. */
  readonly #waiting = new Map<Taker, () => void>();
  #alarm: Alarm | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when it is the taker's turn, or when that has given up. */
  begin(taker: Taker): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(taker, resolve);
      if (this.#reading.size < TURNS) return this.#next();
      const greedy = this.#greedier(taker);
      if (greedy === null) this.#passOn();
      else this.#take(greedy);
    });
  }

  /** It is read, or was given up; may be said again. */
  end(taker: Taker): void {
    this.#waiting.get(taker)?.();
    this.#waiting.delete(taker);
    if (this.#reading.delete(taker)) this.#next();
  }

  /** Gives one that has its turn up for the next. */
  #take(taker: Taker): void {
    this.#reading.delete(taker);
    taker.giveUp();
    this.#next();
  }

  /** The next turn is for the address that has the fewest, and there for who came last. */
  #next(): void {
    const turns = this.#turns();
    const lastFirst = [...this.#waiting.keys()].reverse();
    const next = first(lastFirst, ({ from }) => -(turns.get(from) ?? 0));
    if (next === null) return;
    this.#reading.set(next, this.#clock.elapsed());
    this.#waiting.get(next)?.();
    this.#waiting.delete(next);
  }

  /** While somebody waits, ends the turns that have lasted; then looks again when the next one has. */
  #passOn(): void {
    this.#alarm?.cancel();
    this.#alarm = null;
    for (const [taker, since] of this.#reading) {
      if (this.#waiting.size === 0) return;
      const left = since + TURN_LENGTH - this.#clock.elapsed();
      if (left > 0) {
        this.#alarm = this.#clock.wakeAt(this.#clock.now() + left, () => this.#passOn());
        return;
      }
      this.#take(taker);
    }
  }

  /** The first of the address that has the most turns, if those are more than the taker's would be. */
  #greedier({ from }: Taker): Taker | null {
    const turns = this.#turns();
    const greedy = first(this.#reading.keys(), (each) => turns.get(each.from) ?? 0);
    const most = greedy === null ? 0 : turns.get(greedy.from) ?? 0;
    return most > (turns.get(from) ?? 0) + 1 ? greedy : null;
  }

  #turns(): ReadonlyMap<string, number> {
    const turns = new Map<string, number>();
    for (const { from } of this.#reading.keys()) turns.set(from, (turns.get(from) ?? 0) + 1);
    return turns;
  }
}

/** One body's turn. */
export class Turn implements Taker {
  readonly from: string;
  readonly giveUp: () => void;
  readonly #turns: BodyTurns;
  #read = 0;
  #restedAt = 0;
  #isTaken = false;

  constructor(turns: BodyTurns, from: string, giveUp: () => void) {
    this.#turns = turns;
    this.from = from;
    this.giveUp = giveUp;
  }

  /** So many more bytes were read: resolves when others may be. */
  async read(bytes: number): Promise<void> {
    this.#read += bytes;
    if (this.#read - this.#restedAt > REST_AFTER) {
      this.#restedAt = this.#read;
      await drained();
    }
    if (this.#isTaken || this.#read <= FREE_BYTES) return;
    this.#isTaken = true;
    await this.#turns.begin(this);
  }

  /** Its body is read, or was given up. */
  end(): void {
    this.#turns.end(this);
  }
}

/** The first of those for which `by` is the highest; null for none. */
function first<T>(all: Iterable<T>, by: (each: T) => number): T | null {
  let found: { readonly one: T; readonly rank: number } | null = null;
  for (const one of all) {
    const rank = by(one);
    if (found === null || rank > found.rank) found = { one, rank };
  }
  return found?.one ?? null;
}

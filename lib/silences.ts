/**
 * Silences: what lies between one `success` of an app and the next, very many
 * of them.
 *
 * @module
 */

import { type Duration, type Instant, SECOND, type Span } from "./clock.ts";
import type { HeartbeatKind } from "./heartbeat.ts";

/** How far apart heartbeats are kept once they are old, where they came faster. */
export const APART: Duration = 10 * SECOND;

/** Of a heartbeat what silence is judged by. */
export interface Beat {
  readonly at: Instant;
  readonly kind: HeartbeatKind;
  /**
   * Whether it is one of few that were kept: others came within
   * {@linkcode APART} after one that was, of any kind.
   */
  readonly isThinned: boolean;
}

/** The time from a success on in which the app said nothing. */
export interface Silence extends Span {
  /** What ended it. */
  readonly end: SilenceEnd;
  /**
   * From when on it certainly was silent: its beginning, or where history was
   * thinned some seconds later.
   */
  readonly surelyFrom: Instant;
}

/** What ended a silence: a success; a `fail` or a pause before any alarm; or nothing so far. */
export type SilenceEnd = "success" | "cut" | "open";

const ENDS: readonly SilenceEnd[] = ["success", "cut", "open"];

/**
 * The most silences that are looked at: of an app that sends each second what
 * is kept of 30 days comes to 390,000. Of more the latest are.
 */
export const SILENCES_LIMIT = 500_000;

/** Silences, in the order they came; each takes 17 bytes. */
export class Silences {
  #from = new Float64Array(1_024);
  #length = new Float64Array(1_024);
  /** Its end, as a place in {@linkcode ENDS}, and 4 if it was thinned. */
  #marks = new Uint8Array(1_024);
  #count = 0;
  /** Where the span begins that they are of; later than asked for, where there were too many. */
  #since: Instant;
  #thinnedUntil: Instant | null = null;

  constructor(since: Instant) {
    this.#since = since;
  }

  get count(): number {
    return this.#count;
  }

  /** Where the first one begins. */
  get since(): Instant {
    return this.#count === 0 ? this.#since : this.#from[0] ?? this.#since;
  }

  /** Up to when history was thinned; null if it was not. */
  get thinnedUntil(): Instant | null {
    return this.#thinnedUntil;
  }

  /** How long one was. */
  lengthOf(index: number): Duration {
    return this.#length[index] ?? 0;
  }

  /** Whether a success ended it: it was over by itself. */
  endedByItself(index: number): boolean {
    return ((this.#marks[index] ?? 0) & 3) === 0;
  }

  /** Whether others may have ended it sooner, that are not in history any more. */
  isThinned(index: number): boolean {
    return (this.#marks[index] ?? 0) >= 4;
  }

  /** One of them, whole. */
  at(index: number): Silence {
    const from = this.#from[index] ?? 0;
    const to = from + this.lengthOf(index);
    const end = ENDS[(this.#marks[index] ?? 0) & 3] ?? "open";
    return { from, to, end, surelyFrom: this.isThinned(index) ? from + APART : from };
  }

  /** Adds the next one. */
  add({ from, to, end, isThinned }: Span & { end: SilenceEnd; isThinned: boolean }): void {
    if (this.#count === SILENCES_LIMIT) this.#dropEarlier();
    if (this.#count === this.#from.length) this.#grow();
    this.#from[this.#count] = from;
    this.#length[this.#count] = Math.max(to - from, 0);
    this.#marks[this.#count] = ENDS.indexOf(end) + (isThinned ? 4 : 0);
    this.#count++;
    if (isThinned) this.#thinnedUntil = Math.min(from + APART, to);
  }

  #dropEarlier(): void {
    const half = SILENCES_LIMIT / 2;
    for (const each of [this.#from, this.#length, this.#marks]) each.copyWithin(0, half);
    this.#count -= half;
  }

  #grow(): void {
    const room = Math.min(2 * this.#count, SILENCES_LIMIT);
    const [from, length, marks] = [this.#from, this.#length, this.#marks];
    (this.#from = new Float64Array(room)).set(from);
    (this.#length = new Float64Array(room)).set(length);
    (this.#marks = new Uint8Array(room)).set(marks);
  }
}

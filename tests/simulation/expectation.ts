/**
 * What the rules owe: the flips of one app, from its heartbeats and the gaps
 * alone. Written from the rules, and sharing no code with the service.
 *
 *   success            due − grace        due          deadline
 *      |-------------------|---------------|---------------|
 *                          |       a gap that touches this |
 *                          |  moves the deadline to its    |
 *                          |  end + period + grace, once;  |
 *                          |  a further one by its length  |
 *
 * A loop that stood still for less than ten seconds moves it by that alone. Who
 * could count on an alarm that comes more than an hour later is told at the
 * instant at which it was to come.
 */

import { type Duration, HOUR, type Instant, SECOND, type Span } from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";

/** A span in which nobody knew how it was. */
export interface Doubt extends Span {
  /** It began with news that people may have been told of in time, or not any more. */
  readonly isOptional: boolean;
}

/** A flip that must be in the history. */
export interface OwedFlip {
  readonly at: Instant;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** News that nobody knows how an app is: it must be there, unless something came between. */
export interface OwedUnknown {
  at: Instant;
  isOptional: boolean;
}

/** A span in which nobody listened, and what kind of it. */
export interface DeafSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly cause: string;
  /** Whether it goes on where a gap before it ended, of the same door. */
  readonly isPiece: boolean;
}

/** By how much an alarm must be put off to be told of before. */
const PUT_OFF: Duration = HOUR;

/** For how long whoever sends something waits for its answer. */
const PATIENCE: Duration = 10 * SECOND;

/** What is known of an app by the rules. */
export class Expectation {
  readonly period: Duration;
  readonly grace: Duration;
  /** Flips that the history does not have yet, in order. */
  readonly owed: OwedFlip[] = [];
  state: "new" | "up" | "down" | "paused" = "new";
  /** While it is up: when silence becomes an alarm. */
  deadline: Instant = Infinity;
  /** The instant that the silence counts from. */
  success: Instant = -Infinity;
  /** How many gaps have moved the deadline in this silence. */
  moves = 0;
  /** The deadline that people could count on, where gaps have moved it since. */
  promised: Instant | null = null;
  /** What people are to be told of it that is no flip, in order. */
  readonly unknowns: OwedUnknown[] = [];
  /** While a heartbeat may have been lost in this silence: from when on. */
  unknownFrom: Instant | null = null;
  /** When nobody knew how it was, as the history does not say yet, in order. */
  readonly doubts: Doubt[] = [];

  constructor(period: Duration, grace: Duration) {
    this.period = period;
    this.grace = grace;
  }

  /** A heartbeat was read at `at`. */
  hear(at: Instant, kind: HeartbeatKind): void {
    this.passTime(at);
    if (this.state === "paused" || kind === "start" || kind === "log") return;
    if (kind === "fail") {
      if (this.state !== "down") this.#flip(at, "down", "fail");
      return;
    }
    if (this.state !== "up") this.#flip(at, "up", "heartbeat");
    this.#endDoubt(at);
    this.success = at;
    this.deadline = at + this.period + this.grace;
    this.moves = 0;
    this.#forgetPromise();
  }

  /** Whether its alarm comes so much later than people could count on. */
  get isPutOff(): boolean {
    return this.state === "up" && this.promised !== null && this.deadline - this.promised > PUT_OFF;
  }

  /** People are owed the news that nobody knows how it is: they can count on its new deadline. */
  tellUnknown(at: Instant): OwedUnknown | null {
    const index = this.unknowns.findIndex((each) => each.at === at);
    const [owed = null] = index < 0 ? [] : this.unknowns.splice(index, 1);
    if (owed?.isOptional === false) {
      this.promised = this.deadline;
      this.unknownFrom ??= at;
    }
    return owed;
  }

  /**
   * Nobody listened in a span; returns whether that moved the deadline for a
   * heartbeat that may have been lost. Where the clock may have been set ahead
   * in it, a deadline that is not moved goes ahead with the clock; but a
   * heartbeat is expected from when it was due before, for nobody knows. A
   * piece goes on where the gap before it ended.
   */
  beDeaf({ from, to, cause, isPiece }: DeafSpan): boolean {
    this.passTime(from);
    if (this.state !== "up") return false;
    const isMoved = this.moves > 0;
    const isTouched = isMoved || to >= this.success + this.period - this.grace;
    if (!isTouched && cause !== "clock") return false;
    this.promised ??= this.deadline;
    const isShort = cause === "stalled" && to - from < PATIENCE;
    if (isMoved || isShort || !isTouched) this.deadline += to - from;
    else {
      this.deadline = to + this.period + this.grace;
      const expected = this.success + this.period - this.grace;
      this.unknownFrom ??= Math.max(from, expected, this.success);
    }
    if (isTouched && !(isShort && !isMoved)) this.moves++;
    // What a gap has moved before, its next piece only moves on.
    return isTouched && !(isPiece && isMoved);
  }

  /** Nobody listened for a span of which nobody knows how long it was. */
  beDeafForLong(to: Instant): boolean {
    this.passTime(to);
    if (this.state !== "up") return false;
    this.promised ??= this.deadline;
    this.deadline = to + this.period + this.grace;
    this.unknownFrom ??= to;
    this.moves++;
    return true;
  }

  /** The clock was set back: what counts from an instant counts from an earlier one. */
  setBack(by: Duration): void {
    this.deadline -= by;
    this.success -= by;
    if (this.promised !== null) this.promised -= by;
    for (const each of this.unknowns) each.at -= by;
    if (this.unknownFrom !== null) this.unknownFrom -= by;
  }

  /** It is `now`: a deadline that has passed is a flip at that deadline. */
  passTime(now: Instant): void {
    const { promised } = this;
    if (this.isPutOff && promised !== null && promised <= now) {
      const isKnown = this.unknowns.some(({ at }) => at === promised);
      if (!isKnown) this.unknowns.push({ at: promised, isOptional: false });
    }
    if (this.state === "up" && this.deadline <= now) this.#flip(this.deadline, "down", "silence");
  }

  #flip(at: Instant, to: "up" | "down", reason: string): void {
    this.owed.push({ at, from: this.state, to, reason });
    this.#endDoubt(at);
    this.state = to;
    this.#forgetPromise();
  }

  /** What nobody has noticed by now need not be told any more. */
  #forgetPromise(): void {
    this.promised = null;
    for (const each of this.unknowns) each.isOptional = true;
  }

  #endDoubt(at: Instant): void {
    const untold = this.unknowns.find(({ isOptional }) => !isOptional)?.at ?? null;
    const from = this.unknownFrom ?? untold;
    const isOptional = this.unknownFrom === null;
    this.unknownFrom = null;
    if (from !== null && from < at) this.doubts.push({ from, to: at, isOptional });
  }
}

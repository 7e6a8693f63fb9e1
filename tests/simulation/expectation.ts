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
 */

import type { Duration, Instant, Span } from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";

/** A flip that must be in the history. */
export interface OwedFlip {
  readonly at: Instant;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

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
  /** While a heartbeat may have been lost in this silence: from when on. */
  unknownFrom: Instant | null = null;
  /** When nobody knew how it was, as the history does not say yet, in order. */
  readonly doubts: Span[] = [];

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
  }

  /**
   * Nobody listened in a span; returns whether that moved the deadline for a
   * heartbeat that may have been lost. Where the clock may have been set ahead
   * in it, a deadline that is not moved goes ahead with the clock; but a
   * heartbeat is expected from when it was due before, for nobody knows.
   */
  beDeaf(from: Instant, to: Instant, { isStep }: { readonly isStep: boolean }): boolean {
    this.passTime(from);
    if (this.state !== "up") return false;
    if (this.moves > 0) {
      this.deadline += to - from;
    } else {
      const expected = this.success + this.period - this.grace;
      if (to < expected) {
        if (isStep) this.deadline += to - from;
        return false;
      }
      this.deadline = to + this.period + this.grace;
      this.unknownFrom = Math.max(from, expected, this.success);
    }
    this.moves++;
    return true;
  }

  /** Nobody listened for a span of which nobody knows how long it was. */
  beDeafForLong(to: Instant): boolean {
    this.passTime(to);
    if (this.state !== "up") return false;
    this.deadline = to + this.period + this.grace;
    this.unknownFrom ??= to;
    this.moves++;
    return true;
  }

  /** The clock was set back: what counts from an instant counts from an earlier one. */
  setBack(by: Duration): void {
    this.deadline -= by;
    this.success -= by;
    if (this.unknownFrom !== null) this.unknownFrom -= by;
  }

  /** It is `now`: a deadline that has passed is a flip at that deadline. */
  passTime(now: Instant): void {
    if (this.state === "up" && this.deadline <= now) this.#flip(this.deadline, "down", "silence");
  }

  #flip(at: Instant, to: "up" | "down", reason: string): void {
    this.owed.push({ at, from: this.state, to, reason });
    this.#endDoubt(at);
    this.state = to;
  }

  #endDoubt(at: Instant): void {
    const from = this.unknownFrom;
    this.unknownFrom = null;
    if (from !== null && from < at) this.doubts.push({ from, to: at });
  }
}

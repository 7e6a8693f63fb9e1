/**
 * Whether we listen: what the clocks, refused heartbeats and the door tell of
 * it, until it is written down.
 *
 *  look    look   look              look      commit
 *   |-------|------|-- stood still --|----------|
 *                  |<------------- gap -------->|
 *
 * @module
 */

import type { Arrivals } from "./arrivals.ts";
import { type Clock, type Duration, type Instant, SECOND } from "./clock.ts";
import { type Cadence, compare, type Gap, type GapCause, isBrief, type Reading } from "./gap.ts";

/** What has been found and is not on disk yet. */
export interface Unwritten {
  /** How far the clock on the wall was set back. */
  readonly back: Duration;
  /** Ends now, if it can be written now. */
  readonly gap: Gap | null;
}

/** How far apart two looks at the steady clock may lie that enclose one at the wall, in ms. */
const READING_TOLERANCE: Duration = 5;

/**
 * How many connections the kernel keeps that nobody has accepted: the backlog
 * that Deno listens with, tried on 2.6.8 and 2.9.6.
 */
const ACCEPT_QUEUE = 511;

/**
 * How long after a stall its connections are counted, at least: the look after
 * that ends it. An idle machine has read what waited within 100 ms (2.6.8: 160, and
 * between that some turns of the loop bring nothing), a busy one within some
 * hundreds.
 */
const BURST: Duration = 0.4 * SECOND;

/** What stands before what, as the cause of a gap of several: only a stall may be brief. */
const GRAVITY: Readonly<Record<GapCause, number>> = {
  // Whatever else happened, a clock that was set is what deadlines must be carried ahead with.
  clock: 2,
  off: 1,
  unstored: 1,
  unreachable: 1,
  stalled: 0,
};

/** How often a reading is taken again when the machine was busy within it. */
const READINGS = 3;

/** Looks at the clocks and remembers what it found. */
export class Listening {
  readonly #clock: Clock;
  readonly #cadence: Cadence;
  readonly #arrivals: Arrivals;
  #last: Reading;
  /** A short stall after which the connections that it held up are counted. */
  #burst: Reading | null = null;
  #markedAt: Duration;
  #back: Duration = 0;
  /** Where the last gap that is on disk began, with those that it followed at once, and where it ended. */
  #writtenFrom: Instant = -Infinity;
  #writtenUpTo: Instant = -Infinity;
  #deaf: { readonly since: Instant; readonly cause: GapCause } | null = null;
  /** When the door was last known open; null before it was looked at. */
  #reachedAt: Instant | null = null;
  #shutSince: Instant | null = null;

  constructor(clock: Clock, cadence: Cadence, arrivals: Arrivals) {
    this.#clock = clock;
    this.#cadence = cadence;
    this.#arrivals = arrivals;
    this.#last = reading(clock);
    this.#markedAt = this.#last.elapsed;
  }

  /** Compares the clocks with how they stood at the look before; returns what there is to be written. */
  look(): Unwritten {
    const now = reading(this.#clock);
    const { back, gap } = compare(this.#last, now, this.#cadence);
    this.#last = now;
    if (back > 0) {
      this.#back += back;
      this.#writtenFrom -= back;
      this.#writtenUpTo -= back;
      if (this.#deaf !== null) this.#deaf = { ...this.#deaf, since: this.#deaf.since - back };
      if (this.#reachedAt !== null) this.#reachedAt -= back;
      if (this.#shutSince !== null) this.#shutSince -= back;
      this.#burst = null;
    }
    if (gap !== null) this.deafSince(gap.from, gap.cause);
    this.#countBurst(gap);
    return { back: this.#back, gap: this.#openGap() };
  }

  /** From `at` on, or from before, nothing could be heard; ended by the next {@linkcode wrote}. */
  deafSince(at: Instant, cause: GapCause): void {
    // A heartbeat may be refused that came before a gap which is on disk by now: none counts twice.
    this.#open(Math.max(at, this.#writtenUpTo), cause);
  }

  #open(since: Instant, cause: GapCause): void {
    if (this.#deaf === null) {
      this.#deaf = { since, cause };
      return;
    }
    const isGraver = GRAVITY[cause] > GRAVITY[this.#deaf.cause];
    this.#deaf = {
      since: Math.min(since, this.#deaf.since),
      cause: isGraver ? cause : this.#deaf.cause,
    };
  }

  /** The door was known open at `at`: a client could reach us. */
  reached(at: Instant): void {
    this.#reachedAt = Math.max(at, this.#reachedAt ?? at);
    if (this.#shutSince === null) return;
    this.#shutSince = null;
    // All of the gap is on disk already.
    if (this.#deaf?.cause === "unreachable" && at <= this.#deaf.since) this.#deaf = null;
  }

  /** The door is shut: nobody was heard since it was last known open, until it is so again. */
  unreached(): void {
    if (this.#shutSince !== null) return;
    const since = this.#reachedAt ?? this.#last.now;
    this.#shutSince = since;
    // Of one that is on disk and began later, this is the beginning: they overlap, and nothing is left out.
    const isCovered = this.#writtenFrom <= since;
    this.#open(isCovered ? Math.max(since, this.#writtenUpTo) : since, "unreachable");
  }

  /** Since when the door is shut; null while it is not. */
  get shutSince(): Instant | null {
    return this.#shutSince;
  }

  /**
   * What was found is on disk. A gap that took long to write is not another
   * one; of one that goes on, only what has been so far is on disk.
   */
  wrote(): void {
    if (this.#back === 0 && this.#deaf === null) return;
    if (this.#deaf !== null) {
      if (this.#deaf.since > this.#writtenUpTo) this.#writtenFrom = this.#deaf.since;
      this.#writtenUpTo = this.#last.now;
    }
    this.#back = 0;
    this.#deaf = this.#shutSince === null
      ? null
      : { since: this.#writtenUpTo, cause: "unreachable" };
    // A clock that was set meanwhile is found by the next look.
    const elapsed = this.#clock.elapsed();
    this.#last = { now: this.#last.now + elapsed - this.#last.elapsed, elapsed };
  }

  /** The listening mark is on disk. */
  marked(): void {
    this.#markedAt = this.#last.elapsed;
  }

  /** Whether the listening mark should be written. */
  get isMarkDue(): boolean {
    return this.#last.elapsed - this.#markedAt >= this.#cadence.markEvery;
  }

  /** Since when nothing could be heard, or null. */
  get deaf(): Instant | null {
    return this.#deaf?.since ?? null;
  }

  /** The instant of the last look. */
  get now(): Instant {
    return this.#last.now;
  }

  /**
   * Finds out whether more connected in a short stall than the kernel could
   * keep: then some found nobody, and the stall counts in full.
   */
  #countBurst(gap: Gap | null): void {
    const arrivals = this.#arrivals;
    arrivals.look(this.#last.elapsed);
    if (gap !== null && isBrief(gap)) {
      this.#burst = this.#last;
      arrivals.beginCount();
    } else if (gap !== null) this.#burst = null;
    if (this.#burst === null) return arrivals.endCount();
    const isOverfull = arrivals.newcomers >= ACCEPT_QUEUE;
    if (isOverfull) this.deafSince(this.#burst.now, "unreachable");
    if (isOverfull || this.#last.elapsed - this.#burst.elapsed >= BURST) this.#burst = null;
  }

  #openGap(): Gap | null {
    if (this.#deaf === null) return null;
    const { since, cause } = this.#deaf;
    return { from: since, to: Math.max(since, this.#last.now), cause };
  }
}

/** Both clocks, read as one as far as a busy machine allows. */
function reading(clock: Clock): Reading {
  for (let left = READINGS;; left--) {
    const before = clock.elapsed();
    const now = clock.now();
    const elapsed = clock.elapsed();
    if (elapsed - before <= READING_TOLERANCE || left === 1) return { now, elapsed };
  }
}

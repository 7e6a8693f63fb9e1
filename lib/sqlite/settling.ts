/**
 * Heartbeats on their way from the journal into their tables, some apps at a
 * time: what an app has sent meanwhile costs no more than one heartbeat.
 *
 * @module
 */

import type { AppTable } from "./apps.ts";
import type { Gaps } from "./gaps.ts";
import type { Journal } from "./journal.ts";
import type { KnownApps } from "./known_apps.ts";

/** How many apps are settled in one transaction: some 3 ms. */
export const SETTLE_STEP = 250;

/**
 * How many apps are settled at one go while many wait: some 2 ms. Apps that
 * stand side by side share pages, which are then written once (tests/bench/:
 * 6 % more heartbeats a second than by a few apps in each transaction).
 */
const AT_ONE_GO = 100;

/**
 * How many heartbeats may wait in the journal: a start after a crash reads them
 * all, in some 0.8 s under full load (tests/bench/). Half as many would take it
 * 0.3 s less; but the more have come of an app, the less its settling costs each
 * of them: 0.2 microseconds of 23, and with half as many 0.6.
 */
const WAITING_BEATS = 400_000;

/** How many apps may wait, which are all remembered: some 40 MB. */
const WAITING_APPS = 50_000;

/** What settling works on. */
interface Parts {
  readonly apps: AppTable;
  readonly gaps: Gaps;
  readonly journal: Journal;
  readonly known: KnownApps;
}

/** Settles apps; each call is part of its caller's transaction. */
export class Settling {
  readonly #parts: Parts;
  /** How many apps are to be settled for what has come. */
  #due = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether nothing waits, when no transaction is under way. */
  get isDone(): boolean {
    return this.#parts.known.waitingApps === 0;
  }

  /** How many steps it takes to settle all that waits, when no transaction is under way. */
  get steps(): number {
    return Math.ceil(this.#parts.known.waitingApps / SETTLE_STEP);
  }

  /**
   * Settles as much as must be for so many heartbeats to come into the journal:
   * nothing at first, for what an app sends meanwhile is settled at one go. From
   * the half on, because a row of the journal stays until all of it is settled:
   * at a steady pace there is twice as much in it as waits.
   */
  makeRoom(beats: number): void {
    const { waitingBeats, waitingApps } = this.#parts.known;
    const share = Math.max(waitingBeats / WAITING_BEATS, waitingApps / WAITING_APPS);
    if (share < 0.5) return;
    this.#due += share < 1 ? beats / 4 : 2 * beats;
    if (share < 1 && this.#due < AT_ONE_GO) return;
    this.step(this.#due);
    this.#due = 0;
  }

  /** Settles up to `limit` apps, those first whose heartbeats have waited the longest. */
  step(limit: number): void {
    const { apps, gaps, journal, known } = this.#parts;
    for (const appId of known.waiting().take(limit).toArray()) apps.settle(appId);
    const row = known.firstRow;
    const newestAt = row === null ? journal.newestAt() : null;
    // The newest heartbeat tells until when somebody listened.
    if (newestAt !== null) gaps.heard(newestAt);
    journal.eraseBefore(row);
  }

  /** Settles all. */
  all(): void {
    this.step(Infinity);
  }

  /** Changes rows of many apps at once, as they stand with all that they have sent. */
  changeAll<T>(change: () => T): T {
    this.all();
    const result = change();
    this.#parts.known.forget();
    return result;
  }
}

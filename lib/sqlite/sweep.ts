/**
 * The sweep's steps: silence that counts by now, and quiet that has ended.
 *
 * @module
 */

import { type Defaults, expectation, silence } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { Flip } from "../flip.ts";
import type { StoredApp } from "./app_row.ts";
import type { AppTable } from "./apps.ts";
import type { History } from "./history.ts";
import type { Mutes } from "./mutes.ts";

/** What one step did. */
export interface SweepStep {
  /** Of apps that were taken down, ordered by (at, app_id). */
  readonly flips: readonly Flip[];
  /**
   * Apps that fell in a snooze or maintenance, and are told of now; and those of
   * which people are told that nobody knows how they are.
   */
  readonly told: number;
  /** Whether there is more to do. */
  readonly isMore: boolean;
}

/** Takes apps down; each call is part of its caller's transaction. */
export class Sweep {
  readonly #apps: AppTable;
  readonly #history: History;
  readonly #mutes: Mutes;
  readonly #defaults: Defaults;

  constructor(parts: { apps: AppTable; history: History; mutes: Mutes; defaults: Defaults }) {
    this.#defaults = parts.defaults;
    this.#apps = parts.apps;
    this.#history = parts.history;
    this.#mutes = parts.mutes;
  }

  /** See `Store.takeDown()`. */
  step(now: Instant, limit: number): SweepStep {
    const overdue = this.#apps.overdue(now, limit);
    const flips = overdue.flatMap((stored) => this.#takeDown(stored, now));
    const unmuted = this.#apps.unmuted(now, limit);
    const putOff = this.#apps.putOff(now, limit);
    const told = unmuted.filter((stored) => this.#look(stored, now)).length +
      putOff.filter((stored) => this.#putOff(stored, now)).length;
    const most = Math.max(overdue.length, unmuted.length, putOff.length);
    return { flips, told, isMore: most === limit };
  }

  /** Looks at an app whose quiet may be over; returns whether people are told now. */
  #look(stored: StoredApp, now: Instant): boolean {
    const seen = this.#mutes.look(stored, now);
    this.#apps.update(seen);
    return seen.mutedUntil === null;
  }

  /** Tells that nobody knows how an app is; returns whether people are told now. */
  #putOff(stored: StoredApp, now: Instant): boolean {
    const { grace } = expectation(stored.app, this.#defaults);
    const isTold = this.#history.addPutOff(stored, grace, now);
    this.#apps.reread(stored.app.id);
    return isTold;
  }

  #takeDown(stored: StoredApp, now: Instant): readonly Flip[] {
    const flip = silence(stored.app, now);
    if (flip === null) return [];
    this.#apps.fall(this.#history.addFlip(stored, flip, now), flip.at);
    return [flip];
  }
}

/**
 * Snoozes and maintenance: what keeps an app quiet, and what is told when that
 * ends.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Instant } from "../clock.ts";
import {
  concerns,
  coverAt,
  type MaintenanceWindow,
  mutedUntil,
  type NewWindow,
} from "../maintenance.ts";
import type { AppTable, StoredApp } from "./apps.ts";
import type { Database } from "./database.ts";
import type { Mute } from "./history.ts";
import { Windows } from "./windows.ts";

/** What a fall owes that was kept quiet. Index: the debts of a flip. */
const OWE_AFTER_ALL = `
  UPDATE debts
  SET state = 'waiting', reason = NULL, owed_from = :at
  WHERE flip = :flip AND state = 'suppressed' AND reason IN ('snoozed', 'maintenance')
`;

/** Windows that follow on one another, as far as they are looked along at once. */
const CHAIN_LIMIT = 1_000;

/** Keeps apps quiet; each call is part of its caller's transaction. */
export class Mutes {
  readonly #db: Database;
  readonly #apps: AppTable;
  readonly #windows: Windows;
  /** As they are in the table, for every fall asks for them; null when that may have changed. */
  #known: readonly MaintenanceWindow[] | null = null;

  constructor(db: Database, apps: AppTable) {
    this.#db = db;
    this.#apps = apps;
    this.#windows = new Windows(db);
  }

  /** What keeps an app quiet at an instant, or null if nothing does: a snooze first. */
  of(
    app: App,
    { snoozedUntil, at }: { readonly snoozedUntil: Instant | null; readonly at: Instant },
  ): Mute | null {
    if (snoozedUntil !== null && at < snoozedUntil) {
      return { reason: "snoozed", until: snoozedUntil };
    }
    // With those that are over: silence may be judged long after it counted.
    this.#known ??= this.#windows.list(0);
    const concerned = this.#known.filter(({ scope }) => concerns(scope, app));
    if (concerned.length === 0) return null;
    const until = mutedUntil(app, coverAt(concerned, at));
    return until === null ? null : { reason: "maintenance", until };
  }

  /** Looks at an app whose quiet has ended by `now`; returns whether people are told now. */
  end(stored: StoredApp, now: Instant): boolean {
    let until = stored.mutedUntil ?? now;
    for (let left = CHAIN_LIMIT; until <= now && left > 0; left--) {
      const { snoozedUntil } = stored;
      const next = this.of(stored.app, { snoozedUntil, at: until });
      if (next === null) break;
      until = next.until;
    }
    const isOver = until <= now;
    if (isOver) this.#db.run(OWE_AFTER_ALL, { flip: stored.incident, at: until });
    this.#apps.update({ ...stored, mutedUntil: isOver ? null : until });
    return isOver;
  }

  /** See `Store.maintenance()`. */
  windows(now: Instant): readonly MaintenanceWindow[] {
    return this.#windows.list(now);
  }

  /** See `Store.addMaintenance()`. */
  add(window: NewWindow, now: Instant): MaintenanceWindow {
    this.#known = null;
    return this.#windows.add(window, now);
  }

  /** See `Store.removeMaintenance()`. */
  remove(id: number, now: Instant): boolean {
    this.#known = null;
    const isKnown = this.#windows.remove(id, now);
    if (isKnown) this.#apps.endMutes(now);
    return isKnown;
  }
}

/**
 * Snoozes and maintenance: what keeps an app quiet, and what is told when that
 * ends.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { MaintenanceWindow, NewWindow } from "../maintenance.ts";
import { type Asked, type Mute, muteAt } from "../mute.ts";
import type { StoredApp } from "./app_row.ts";
import type { AppTable } from "./apps.ts";
import type { Database } from "./database.ts";
import { Windows } from "./windows.ts";

/** What a fall owes that was kept quiet; not to whom nobody writes any more. Index: the debts of a flip. */
const OWE_AFTER_ALL = `
  UPDATE debts
  SET state = 'waiting', reason = NULL, owed_from = :now
  WHERE flip = :flip AND state = 'suppressed' AND reason IN ('snoozed', 'maintenance')
    AND address IN (SELECT value FROM json_each(:addresses))
`;

/** Windows that follow on one another, as far as they are looked along at once. */
const CHAIN_LIMIT = 1_000;

/** What snoozes and maintenance work on. */
interface Parts {
  readonly db: Database;
  readonly apps: AppTable;
  /** Who is owed news. */
  readonly addresses: readonly string[];
}

/** Keeps apps quiet; each call is part of its caller's transaction. */
export class Mutes {
  readonly #parts: Parts;
  readonly #windows: Windows;
  /** As they are in the table, for every fall asks for them; null when that may have changed. */
  #known: readonly MaintenanceWindow[] | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#windows = new Windows(parts.db);
  }

  /**
   * What keeps an app quiet from `at` on without a break, if that lasts beyond
   * `now`; else null.
   */
  of(
    app: App,
    { now, ...asked }: Omit<Asked, "windows"> & { readonly now: Instant },
  ): Mute | null {
    let mute = this.#at(app, asked);
    for (let left = CHAIN_LIMIT; mute !== null && mute.until <= now && left > 0; left--) {
      mute = this.#at(app, { ...asked, at: mute.until });
    }
    return mute !== null && mute.until > now ? mute : null;
  }

  /** The app at `now`: where its quiet has ended by then, people are owed its fall after all. */
  look(stored: StoredApp, now: Instant): StoredApp {
    const { app, incident, snoozedUntil, mutedUntil } = stored;
    if (mutedUntil === null || mutedUntil > now) return stored;
    const mute = this.of(app, { snoozedUntil, at: mutedUntil, now });
    if (mute !== null) return { ...stored, mutedUntil: mute.until };
    const { db, addresses } = this.#parts;
    db.run(OWE_AFTER_ALL, { flip: incident, now, addresses: JSON.stringify(addresses) });
    return { ...stored, mutedUntil: null };
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
    if (isKnown) this.#parts.apps.endMutes(now);
    return isKnown;
  }

  #at(app: App, asked: Omit<Asked, "windows">): Mute | null {
    // With those that are over: silence may be judged long after it counted.
    this.#known ??= this.#windows.list(0);
    return muteAt(app, { ...asked, windows: this.#known });
  }
}

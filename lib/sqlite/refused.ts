/**
 * Heartbeats that were refused, as far as they are remembered: of each app the
 * last one, and how many there were.
 *
 * They are kept in memory until something is written anyway: whoever can send
 * one must not have us write. A crash loses those of a few seconds.
 *
 * @module
 */

import type { RefusedHeartbeat, WhyRemembered } from "../refused.ts";
import type { StoredApp } from "./app_row.ts";
import type { AppTable } from "./apps.ts";
import type { Database } from "./database.ts";

/** Of how many apps they are kept in memory, and written at one go: some 5 ms. */
const KEPT_LIMIT = 1_000;

const SELECT = `
  SELECT at, reason, address, times
  FROM refused_heartbeats
  WHERE app = :app
`;

/** None of an app that was forgotten meanwhile. */
const NOTE = `
  INSERT INTO refused_heartbeats (app, at, reason, address, times)
  SELECT id, :at, :reason, :address, :times
  FROM apps
  WHERE app_id = :appId
  ON CONFLICT (app) DO UPDATE
  SET at = excluded.at, reason = excluded.reason, address = excluded.address,
      times = times + excluded.times
`;

/** What it works on. */
interface Parts {
  readonly db: Database;
  readonly apps: AppTable;
}

/** Remembers refused heartbeats. */
export class RefusedHeartbeats {
  readonly #db: Database;
  readonly #apps: AppTable;
  /** Those that are not written yet, by `app_id`. */
  readonly #kept = new Map<string, RefusedHeartbeat>();
  #isWritten = false;

  constructor({ db, apps }: Parts) {
    this.#db = db;
    this.#apps = apps;
  }

  /** See `Store.noteRefused()`. */
  note(
    appIds: readonly string[],
    refused: Omit<RefusedHeartbeat, "times">,
  ): string | null {
    const known = appIds.filter((appId) => this.#apps.find(appId) !== null);
    for (const appId of known) {
      const before = this.#kept.get(appId);
      if (before === undefined && this.#kept.size >= KEPT_LIMIT) continue;
      this.#kept.set(appId, { ...refused, times: (before?.times ?? 0) + 1 });
    }
    return known[0] ?? null;
  }

  /** The last one of an app; null if there was none. */
  last({ id, app }: StoredApp): RefusedHeartbeat | null {
    const row = this.#db.get(SELECT, { app: id });
    const kept = this.#kept.get(app.id);
    if (row === null) return kept ?? null;
    const written = {
      at: Number(row.at),
      reason: row.reason as WhyRemembered,
      address: String(row.address),
      times: Number(row.times),
    };
    return kept === undefined ? written : { ...kept, times: kept.times + written.times };
  }

  /** Writes what is kept; part of its caller's transaction. */
  write(): void {
    for (const [appId, refused] of this.#kept) this.#db.run(NOTE, { appId, ...refused });
    this.#isWritten = true;
  }

  /** The transaction is on disk. */
  commit(): void {
    if (this.#isWritten) this.#kept.clear();
    this.#isWritten = false;
  }

  /** Nothing of the transaction is on disk. */
  rollBack(): void {
    this.#isWritten = false;
  }
}

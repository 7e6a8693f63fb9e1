/**
 * Incidents: falls, and what ended them.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Incident } from "../store.ts";
import type { AppTable } from "./apps.ts";
import type { Database } from "./database.ts";

/** Indexes: the key, and flips_by_end. */
const SELECT_INCIDENT = `
  SELECT apps.app_id, fall.at, ended.at AS ended_at
  FROM flips AS fall
  JOIN apps ON apps.id = fall.app
  LEFT JOIN flips AS ended ON ended.ends = fall.id
  WHERE fall.id = :flip AND fall.to_state = 'down'
`;

/** Reads incidents; each call is part of its caller's transaction. */
export class Incidents {
  readonly #db: Database;
  readonly #apps: AppTable;
  readonly #acknowledged = new Map<number, Instant>();

  constructor(db: Database, apps: AppTable) {
    this.#db = db;
    this.#apps = apps;
  }

  /** See `Store.incident()`. */
  find(flip: number): Incident | null {
    const row = this.#db.get(SELECT_INCIDENT, { flip });
    const stored = row === null ? null : this.#apps.find(String(row.app_id));
    if (row === null || stored === null) return null;
    return {
      app: stored.app,
      since: Number(row.at),
      endedAt: row.ended_at === null ? null : Number(row.ended_at),
      acknowledgedAt: this.#acknowledged.get(flip) ?? null,
    };
  }

  /** Notes that somebody knows of it; the first time counts. */
  acknowledge(flip: number, now: Instant): void {
    if (!this.#acknowledged.has(flip)) this.#acknowledged.set(flip, now);
  }
}

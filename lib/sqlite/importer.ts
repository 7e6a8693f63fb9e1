/**
 * The original's heartbeats on their way into the history.
 *
 * @module
 */

import { type Defaults, expectation, register, upFrom } from "../app.ts";
import type { Instant } from "../clock.ts";
import type { OriginalHeartbeat } from "../original.ts";
import { AppTable } from "./apps.ts";
import type { Database } from "./database.ts";
import { Gaps } from "./gaps.ts";
import { History } from "./history.ts";
import { KnownApps } from "./known_apps.ts";
import { Mutes } from "./mutes.ts";
import { Segments } from "./segments.ts";

/** How many apps are looked at in one transaction when they are to be judged. */
const WATCH_STEP = 1_000;

/** Changes nothing for a row that was taken before, whatever became of it since. */
const REMEMBER = `
  INSERT INTO imported (source_id, app_id, at)
  VALUES (:id, :appId, :at)
  ON CONFLICT DO NOTHING
`;

const INSERT = `
  INSERT INTO imported_heartbeats (app, at, message)
  VALUES (:app, :at, :message)
`;

const NOTE_LAST = `
  UPDATE apps
  SET last_heartbeat_at = :at, last_message = :message
  WHERE id = :app AND (last_heartbeat_at IS NULL OR last_heartbeat_at < :at)
`;

/** Takes heartbeats of the original; the database must be its caller's own. */
export class Importer {
  readonly #db: Database;
  readonly #known = new KnownApps();
  readonly #apps: AppTable;
  readonly #history: History;
  readonly #gaps: Gaps;
  readonly #ignoredApps: ReadonlySet<string>;
  /** The row of each app met so far. */
  readonly #rows = new Map<string, number>();
  #registered = 0;

  constructor(
    db: Database,
    options: { readonly ignoredApps: ReadonlySet<string>; readonly flappingFlips: number },
  ) {
    this.#db = db;
    this.#apps = new AppTable({ db, known: this.#known, segments: new Segments(db) });
    // Nobody is owed the news of an import.
    const addresses: readonly string[] = [];
    const mutes = new Mutes({ db, apps: this.#apps, addresses });
    this.#history = new History({ ...options, db, addresses, mutes });
    this.#gaps = new Gaps(db, () => {});
    this.#ignoredApps = options.ignoredApps;
  }

  /** Apps that were registered by this import so far. */
  get registered(): number {
    return this.#registered;
  }

  /** Apps met in this import so far. */
  get met(): number {
    return this.#rows.size;
  }

  /** Takes these, in one transaction, and returns how many were not there before. */
  take(heartbeats: readonly OriginalHeartbeat[]): number {
    return this.#transaction(() => {
      const newest = new Map<number, OriginalHeartbeat>();
      let taken = 0;
      for (const heartbeat of heartbeats) {
        const { id, appId, at, message } = heartbeat;
        const app = this.#rowOf(appId);
        if (this.#db.run(REMEMBER, { id, appId, at }).changes === 0) continue;
        this.#db.run(INSERT, { app, at, message });
        taken++;
        if (at >= (newest.get(app)?.at ?? 0)) newest.set(app, heartbeat);
      }
      for (const [app, { at, message }] of newest) this.#db.run(NOTE_LAST, { app, at, message });
      return taken;
    });
  }

  /** Has the apps that were met judged from `now` on, those that are new; returns how many. */
  watch(defaults: Defaults, now: Instant): number {
    const ids = [...this.#rows.keys()];
    let watched = 0;
    // Until the service listens nobody does: what is judged from now on has been deaf to us since.
    if (this.#gaps.heardUntil() === null) this.#transaction(() => this.#gaps.mark(now));
    for (let step = 0; step < ids.length; step += WATCH_STEP) {
      const some = ids.slice(step, step + WATCH_STEP);
      watched += this.#transaction(() =>
        some.filter((id) => this.#watchOne(id, defaults, now)).length
      );
    }
    return watched;
  }

  /** Remembers no app beyond it: they are too many, and what was imported is noted in their rows. */
  #transaction<T>(work: () => T): T {
    try {
      return this.#db.transaction(work);
    } finally {
      this.#known.rollBack();
    }
  }

  #rowOf(appId: string): number {
    const known = this.#rows.get(appId) ?? this.#apps.find(appId)?.id;
    const row = known ?? this.#register(appId);
    this.#rows.set(appId, row);
    return row;
  }

  #register(appId: string): number {
    this.#registered++;
    const isIgnored = this.#ignoredApps.has(appId);
    return this.#apps.insert(register(appId, { isIgnored })).id;
  }

  #watchOne(id: string, defaults: Defaults, now: Instant): boolean {
    const stored = this.#apps.find(id);
    if (stored === null || stored.app.isIgnored || stored.app.state.kind !== "new") return false;
    const { app } = stored;
    const flipped = this.#history.addFlip(stored, {
      appId: id,
      at: now,
      from: "new",
      to: "up",
      reason: "watched",
      heartbeat: app.lastHeartbeat,
    }, now);
    const state = upFrom(now, expectation(app, defaults));
    this.#apps.update({ ...flipped, app: { ...app, state } });
    return true;
  }
}

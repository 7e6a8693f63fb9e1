/**
 * A database as it is after a long time: many apps, each with a history.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { HOUR, MINUTE } from "../../lib/clock.ts";
import { openDatabase } from "../../lib/sqlite/database.ts";

/** How much there is. */
export interface Extent {
  readonly apps: number;
  /** Heartbeats of each app, a minute apart, up to now. */
  readonly heartbeats: number;
}

/** Heartbeats in a row of history. */
const IN_SEGMENT = 100;

/** Every app has one of so many tags. */
const TAGS = 100;

/** By the whole numbers up to `:apps`. */
const FILL_APPS = `
  WITH RECURSIVE numbers (value) AS (
    SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < :apps
  )
  INSERT INTO apps (id, app_id, name, tags, period_ms, grace_ms, state, success_at, deadline_at,
    last_heartbeat_at, last_message, heartbeats)
  SELECT value, 'app-' || value, 'App number ' || value,
    json_array('team-' || (value % :tags)), 3600000, 60000, 'up',
    :now - value % 60000, :now - value % 60000 + 3660000, :now - value % 60000, 'OK:200', :heartbeats
  FROM numbers
`;

const FILL_FLIPS = `
  INSERT INTO flips (app, at, from_state, to_state, reason, heartbeat_at)
  SELECT id, success_at - :span, 'new', 'up', 'heartbeat', success_at - :span
  FROM apps
`;

const FILL_SEGMENTS = `
  INSERT INTO segments (app, first, from_at, to_at, count, tail, beats)
  SELECT id, 1 + :inSegment * :segment,
    success_at - (:heartbeats - 1 - :inSegment * :segment) * 60000,
    success_at - (:heartbeats - :inSegment * (:segment + 1)) * 60000,
    :inSegment, '"success","OK:200","192.0.2.1","curl/8"', :beats
  FROM apps
`;

/** Makes one; `now` is the instant of the newest heartbeats, give or take a minute. */
export async function fill(path: string, { apps, heartbeats }: Extent, now: number): Promise<void> {
  (await openDatabase(path)).database[Symbol.dispose]();
  using db = new DatabaseSync(path);
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  db.prepare(FILL_APPS).run({ apps, heartbeats, now, tags: TAGS });
  db.prepare(FILL_FLIPS).run({ span: heartbeats * MINUTE });
  const beats = `[0,"success","OK:200","192.0.2.1","curl/8"]${",60000".repeat(IN_SEGMENT - 1)}`;
  for (let segment = 0; segment < heartbeats / IN_SEGMENT; segment++) {
    db.prepare(FILL_SEGMENTS).run({ heartbeats, segment, beats, inSegment: IN_SEGMENT });
  }
  db.prepare("INSERT INTO listening (id, marked_at) VALUES (1, ?)").run(now);
  db.prepare("INSERT INTO memory (key, value) VALUES ('defaults', ?)").run(
    JSON.stringify({ period: HOUR, grace: 30_000 }),
  );
  // On disk before anything is measured.
  db.exec("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
}

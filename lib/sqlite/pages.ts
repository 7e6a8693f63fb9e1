/**
 * History, read page by page, and erased.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Flip, FlipReason, StateKind } from "../flip.ts";
import type { HeartbeatKind } from "../heartbeat.ts";
import type { FlipPage, FlipQuery, HeartbeatPage, HistoryQuery } from "../store.ts";
import type { StoredApp } from "./apps.ts";
import { type Database, integer, type Row } from "./database.ts";

const SELECT_HEARTBEAT = `
  SELECT id, previous, at, kind, message, address, user_agent
  FROM heartbeats
  WHERE id = :id
`;

/** Index: imported_by_app. */
const SELECT_IMPORTED = `
  SELECT id, previous, at, kind, message, address, user_agent
  FROM heartbeats
  WHERE app = :app AND source_id IS NOT NULL AND (at, id) < (:at, :id)
  ORDER BY at DESC, id DESC
  LIMIT :limit
`;

/** Index: flips_by_app. */
const SELECT_FLIPS = `
  SELECT id, at, from_state, to_state, reason, heartbeat_at, message
  FROM flips
  WHERE app = :app AND id < :before
  ORDER BY id DESC
  LIMIT :limit
`;

const SELECT_FORGOTTEN = `
  SELECT app, last_heartbeat
  FROM forgotten
  LIMIT 1
`;

const DELETE_HEARTBEAT = `
  DELETE FROM heartbeats
  WHERE id = :id
  RETURNING previous
`;

/** Index: imported_by_app. */
const DELETE_IMPORTED = `
  DELETE FROM heartbeats
  WHERE id IN (
    SELECT id
    FROM heartbeats
    WHERE app = :app AND source_id IS NOT NULL
    LIMIT :limit
  )
`;

const KEEP_FORGOTTEN = `
  UPDATE forgotten
  SET last_heartbeat = :lastHeartbeat
  WHERE app = :app
`;

const DROP_FORGOTTEN = `
  DELETE FROM forgotten
  WHERE app = :app
`;

/** Beyond every instant and row: where the first page of what was imported begins. */
const BEYOND = Number.MAX_SAFE_INTEGER;

/** Reads history; each call is part of its caller's transaction. */
export class Pages {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A page of an app's heartbeats: what was sent here and what was imported, merged by time. */
  heartbeats(stored: StoredApp, { limit, cursor }: HistoryQuery): HeartbeatPage {
    const { at, id } = cursor?.imported ?? { at: BEYOND, id: BEYOND };
    const sent = this.#chain(cursor === null ? stored.lastHeartbeat : cursor.next, limit + 1);
    const imported = this.#db.all(SELECT_IMPORTED, { app: stored.id, at, id, limit: limit + 1 })
      .map(heartbeatRow);

    const page: HeartbeatRow[] = [];
    let [sentShown, importedShown] = [0, 0];
    while (page.length < limit) {
      const [one, other] = [sent[sentShown], imported[importedShown]];
      const isSent = one !== undefined && (other === undefined || one.at >= other.at);
      const next = isSent ? one : other;
      if (next === undefined) break;
      page.push(next);
      if (isSent) sentShown++;
      else importedShown++;
    }

    const isEnd = sentShown === sent.length && importedShown === imported.length;
    const last = imported[importedShown - 1];
    return {
      heartbeats: page.map(({ at, kind, message, address, user_agent }) => {
        return { at, kind, message, address, userAgent: user_agent };
      }),
      next: isEnd ? null : {
        next: sent[sentShown]?.id ?? null,
        imported: last === undefined ? cursor?.imported ?? null : { at: last.at, id: last.id },
      },
    };
  }

  /** A page of an app's flips. */
  flips(stored: StoredApp, appId: string, { limit, before }: FlipQuery): FlipPage {
    const found = this.#db.all(SELECT_FLIPS, {
      app: stored.id,
      before: before ?? BEYOND,
      limit: limit + 1,
    });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      flips: page.map((row) => flipOf(row, appId)),
      next: last === undefined ? null : Number(last.id),
    };
  }

  /** Erases heartbeats of forgotten apps; see `Store.erase()`. */
  erase(limit: number): boolean {
    const row = this.#db.get(SELECT_FORGOTTEN);
    if (row === null) return false;
    const app = Number(row.app);
    let next = integer(row.last_heartbeat);
    let erased = 0;
    for (; next !== null && erased < limit; erased++) {
      next = integer(this.#db.get(DELETE_HEARTBEAT, { id: next })?.previous);
    }
    const { changes } = this.#db.run(DELETE_IMPORTED, { app, limit: limit - erased });
    if (erased + changes < limit) this.#db.run(DROP_FORGOTTEN, { app });
    else this.#db.run(KEEP_FORGOTTEN, { app, lastHeartbeat: next });
    return this.#db.get(SELECT_FORGOTTEN) !== null;
  }

  /** Heartbeats that were sent here, from one on back. A chain ends where it was pruned. */
  #chain(from: number | null, limit: number): readonly HeartbeatRow[] {
    const rows: HeartbeatRow[] = [];
    for (let next = from; next !== null && rows.length < limit;) {
      const row = this.#db.get(SELECT_HEARTBEAT, { id: next });
      if (row === null) break;
      rows.push(heartbeatRow(row));
      next = integer(row.previous);
    }
    return rows;
  }
}

interface HeartbeatRow {
  readonly id: number;
  readonly at: Instant;
  readonly kind: HeartbeatKind;
  readonly message: string | null;
  readonly address: string | null;
  readonly user_agent: string | null;
}

function heartbeatRow(row: Row): HeartbeatRow {
  return row as unknown as HeartbeatRow;
}

interface FlipRow {
  readonly at: Instant;
  readonly from_state: StateKind;
  readonly to_state: StateKind;
  readonly reason: FlipReason;
  readonly heartbeat_at: Instant | null;
  readonly message: string | null;
}

function flipOf(each: Row, appId: string): Flip {
  const row = each as unknown as FlipRow;
  const heartbeat = row.heartbeat_at === null
    ? null
    : { at: row.heartbeat_at, message: row.message };
  const { at, reason } = row;
  return { appId, at, from: row.from_state, to: row.to_state, reason, heartbeat };
}

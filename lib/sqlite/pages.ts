/**
 * History, read page by page, and erased.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Flip, FlipReason, StateKind } from "../flip.ts";
import type { GapCause } from "../gap.ts";
import type { Heartbeat } from "../heartbeat.ts";
import type {
  Deafness,
  FlipPage,
  FlipQuery,
  GapPage,
  GapQuery,
  HeartbeatPage,
  HistoryQuery,
  StoredGap,
} from "../store.ts";
import type { StoredApp } from "./app_row.ts";
import type { Database, Row } from "./database.ts";
import type { KnownApps } from "./known_apps.ts";
import type { Segments } from "./segments.ts";
import type { NumberedHeartbeat } from "./series.ts";

/** Index: imported_by_app. */
const SELECT_IMPORTED = `
  SELECT id, at, message
  FROM imported_heartbeats
  WHERE app = :app AND (at, id) < (:at, :id)
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

const SELECT_GAPS = `
  SELECT id, began_at, ended_at, cause, moved
  FROM gaps
  WHERE id < :before
  ORDER BY id DESC
  LIMIT :limit
`;

/** Of the newest rows, so many. */
const SUM_GAPS = `
  SELECT COUNT(*) AS gaps, COALESCE(SUM(ended_at - MAX(began_at, :since)), 0) AS total
  FROM gaps
  WHERE id > (SELECT MAX(id) FROM gaps) - :limit AND ended_at > :since
`;

const SELECT_FORGOTTEN = `
  SELECT app
  FROM forgotten
  LIMIT 1
`;

/** Index: imported_by_app. */
const DELETE_IMPORTED = `
  DELETE FROM imported_heartbeats
  WHERE id IN (SELECT id FROM imported_heartbeats WHERE app = :app LIMIT :limit)
`;

const DROP_FORGOTTEN = `
  DELETE FROM forgotten
  WHERE app = :app
`;

/** How many gaps are summed up, at most: some ms. In 30 days one in four minutes is no listening. */
const SUM_LIMIT = 10_000;

/** Beyond every instant and row: where the first page of what was imported begins. */
const BEYOND = Number.MAX_SAFE_INTEGER;

/** What pages are read from. */
interface Parts {
  readonly db: Database;
  readonly known: KnownApps;
  readonly segments: Segments;
}

/** Reads history; each call is part of its caller's transaction. */
export class Pages {
  readonly #db: Database;
  readonly #known: KnownApps;
  readonly #segments: Segments;

  constructor({ db, known, segments }: Parts) {
    this.#db = db;
    this.#known = known;
    this.#segments = segments;
  }

  /** A page of an app's heartbeats: what was sent here and what was imported, merged by time. */
  heartbeats(stored: StoredApp, { limit, cursor }: HistoryQuery): HeartbeatPage {
    const { at, id } = cursor?.imported ?? { at: BEYOND, id: BEYOND };
    const sent = this.#sent(stored, cursor === null ? stored.heartbeats : cursor.next, limit + 1);
    const imported = this.#db.all(SELECT_IMPORTED, { app: stored.id, at, id, limit: limit + 1 })
      .map(importedHeartbeat);

    const page: Omit<Heartbeat, "appId">[] = [];
    let [sentShown, importedShown] = [0, 0];
    while (page.length < limit) {
      const [one, other] = [sent[sentShown], imported[importedShown]];
      const isSent = one !== undefined && (other === undefined || one.at >= other.at);
      const next = isSent ? one : other;
      if (next === undefined) break;
      const { at, kind, message, address, userAgent } = next;
      page.push({ at, kind, message, address, userAgent });
      if (isSent) sentShown++;
      else importedShown++;
    }

    const isEnd = sentShown === sent.length && importedShown === imported.length;
    const last = imported[importedShown - 1];
    return {
      heartbeats: page,
      next: isEnd ? null : {
        next: sent[sentShown]?.number ?? null,
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

  /** A page of the ledger of gaps. */
  gaps({ limit, before }: GapQuery): GapPage {
    const found = this.#db.all(SELECT_GAPS, { before: before ?? BEYOND, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return { gaps: page.map(gapOf), next: last === undefined ? null : Number(last.id) };
  }

  /** See `Store.deafness()`. */
  deafness(since: Instant): Deafness {
    const { gaps, total } = this.#db.get(SUM_GAPS, { since, limit: SUM_LIMIT }) ?? {};
    return { gaps: Number(gaps), total: Number(total) };
  }

  /** Erases history of forgotten apps; see `Store.erase()`. */
  erase(limit: number): boolean {
    const row = this.#db.get(SELECT_FORGOTTEN);
    if (row === null) return false;
    const app = Number(row.app);
    const erased = this.#segments.erase(app, limit);
    const { changes } = this.#db.run(DELETE_IMPORTED, { app, limit: limit - erased });
    if (erased + changes < limit) this.#db.run(DROP_FORGOTTEN, { app });
    return this.#db.get(SELECT_FORGOTTEN) !== null;
  }

  /** Up to `limit` heartbeats that were sent here, the newest first, from this number back. */
  #sent(
    { id, app, heartbeats }: StoredApp,
    from: number | null,
    limit: number,
  ): readonly NumberedHeartbeat[] {
    if (from === null) return [];
    const newest: NumberedHeartbeat[] = [];
    const unsettled = this.#known.unsettled(app.id);
    const settled = heartbeats - unsettled.reduce((sum, { length }) => sum + length, 0);
    for (const series of unsettled) newest.push(...series.numbered(settled + newest.length + 1));
    const shown = newest.filter(({ number }) => number <= from).reverse().slice(0, limit);
    const older = this.#segments.before(id, Math.min(from, settled), limit - shown.length);
    return [...shown, ...older];
  }
}

interface ImportedRow {
  readonly id: number;
  readonly at: Instant;
  readonly message: string | null;
}

function importedHeartbeat(each: Row): Omit<Heartbeat, "appId"> & { readonly id: number } {
  const { id, at, message } = each as unknown as ImportedRow;
  return { id, at, kind: "success", message, address: null, userAgent: null };
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

function gapOf({ began_at, ended_at, cause, moved }: Row): StoredGap {
  return {
    from: Number(began_at),
    to: Number(ended_at),
    cause: String(cause) as GapCause,
    moved: Number(moved),
  };
}

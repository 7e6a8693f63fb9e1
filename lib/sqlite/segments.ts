/**
 * The history of heartbeats: some hundreds of an app's in one row, in the order
 * they came (series.ts).
 *
 *     first  from_at        to_at          count  beats
 *     1      1795820892264  1795828092301  121    [0,"success","OK:200",…],60012,59988,…
 *     122    1795828152310  …
 *
 * @module
 */

import { type Database, integer, type Parameters } from "./database.ts";
import { numbered, type NumberedHeartbeat, type Series } from "./series.ts";

/** From so many characters on a row is full: two of them fill a page of the file (tests/bench/). */
export const SEGMENT_LENGTH = 1_850;

/** Of how many apps the newest row is remembered: 2 MB. */
const REMEMBERED = 50_000;

/**
 * A row with more behind it. The driver hands an instant over as a fraction,
 * and would have it written with its ".0".
 */
export const EXTENDED = `
  to_at = :toAt, count = count + :count, tail = :tail,
  beats = beats || ',' || CASE
    WHEN tail = :head THEN CAST(:at AS INTEGER) - to_at
    ELSE '[' || (CAST(:at AS INTEGER) - to_at) || ',' || :head || ']'
  END || :rest
`;

const SELECT_NEWEST = `
  SELECT id
  FROM segments
  WHERE app = :app
  ORDER BY first DESC
  LIMIT 1
`;

/** Adds to an app's newest row, unless that is full, or the row is not the newest any more. */
const EXTEND = `
  UPDATE segments
  SET ${EXTENDED}
  WHERE id = :newest AND app = :app AND first + count = :first AND LENGTH(beats) < :limit
`;

const INSERT = `
  INSERT INTO segments (app, first, from_at, to_at, count, tail, beats)
  VALUES (:app, :first, :at, :toAt, :count, :tail, '[0,' || :head || ']' || :rest)
`;

/** The row in which a heartbeat stands, or where that was erased, the newest before it. */
const SELECT_SEGMENT = `
  SELECT first, from_at, beats
  FROM segments
  WHERE app = :app AND first <= :number
  ORDER BY first DESC
  LIMIT 1
`;

const ERASE = `
  DELETE FROM segments
  WHERE app = :app AND first IN (SELECT first FROM segments WHERE app = :app LIMIT :limit)
`;

/** Reads and writes history; each call is part of its caller's transaction. */
export class Segments {
  readonly #db: Database;
  /**
   * The newest row of an app, or one that was. To find it anew each time would read more of the
   * file the longer the history is (tests/bench/growth.ts).
   */
  #newest = new Map<number, number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Adds to the history of the app with this row; the first heartbeat has this number. */
  append(app: number, number: number, series: Series): void {
    let first = number;
    for (const stretch of series.stretches(SEGMENT_LENGTH)) {
      const row = { app, first, ...stretch };
      if (!this.#extend(row)) this.#remember(app, this.#db.run(INSERT, row).id);
      first += stretch.count;
    }
  }

  /** Adds to the app's newest row; returns whether there is one that has room. */
  #extend(row: Parameters & { readonly app: number }): boolean {
    const { app } = row;
    const extend = (newest: number) =>
      this.#db.run(EXTEND, { ...row, newest, limit: SEGMENT_LENGTH }).changes > 0;
    const remembered = this.#newest.get(app);
    if (remembered !== undefined && extend(remembered)) return true;
    const newest = integer(this.#db.get(SELECT_NEWEST, { app })?.id);
    if (newest === null || newest === remembered) return false;
    this.#remember(app, newest);
    return extend(newest);
  }

  #remember(app: number, newest: number): void {
    if (this.#newest.size >= REMEMBERED) this.#newest = new Map();
    this.#newest.set(app, newest);
  }

  /** Up to `limit` heartbeats, the newest first, from this number back. */
  before(app: number, number: number, limit: number): readonly NumberedHeartbeat[] {
    const found: NumberedHeartbeat[] = [];
    for (let next = number; next > 0 && found.length < limit;) {
      const row = this.#db.get(SELECT_SEGMENT, { app, number: next });
      if (row === null) break;
      const [first, at, text] = [Number(row.first), Number(row.from_at), String(row.beats)];
      const beats = numbered({ number: first, at, text }).filter((beat) => beat.number <= next);
      found.push(...beats.reverse());
      next = first - 1;
    }
    return found.slice(0, limit);
  }

  /** Erases up to `limit` rows of an app; returns how many they were. */
  erase(app: number, limit: number): number {
    return this.#db.run(ERASE, { app, limit }).changes;
  }
}

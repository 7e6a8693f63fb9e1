/**
 * Old heartbeats that came so fast that nobody can look at them all: some of
 * them are kept, so far apart that they tell the same of silences, and rows
 * that have become short are joined.
 *
 *     first 1, 600 in 6 s  ┐
 *     first 601, 600 in 6 s├─>  first 1, stands for 1,800, keeps two, 10 s apart
 *     first 1201, 600 …    ┘
 *
 * @module
 */

import type { Duration, Instant } from "../clock.ts";
import { APART } from "../silences.ts";
import type { Database, Parameters, Row } from "./database.ts";
import { EXTENDED, SEGMENT_LENGTH } from "./segments.ts";
import { numbered, type NumberedHeartbeat, Series } from "./series.ts";

/**
 * Longer than a dense row goes on: it is made of at most two stretches, and
 * each heartbeat takes two characters at least.
 */
export const DENSE_SPAN: Duration = 2 * SEGMENT_LENGTH * APART;

/** Rows whose heartbeats came faster than that on average. */
const SELECT_DENSE = `
  SELECT id, app, first, from_at, to_at, count, dropped, beats
  FROM segments
  WHERE id > :after AND id <= :last AND from_at < :before
    AND (count - dropped - 1) * :apart > to_at - from_at
`;

/** The row before it. */
const SELECT_BEFORE = `
  SELECT id, to_at, LENGTH(beats) AS length
  FROM segments
  WHERE app = :app AND first < :first
  ORDER BY first DESC
  LIMIT 1
`;

const JOIN = `
  UPDATE segments
  SET dropped = dropped + :dropped, ${EXTENDED}
  WHERE id = :id
`;

/** The same where none of them is kept. */
const COUNT_DROPPED = `
  UPDATE segments
  SET dropped = dropped + :dropped, count = count + :count
  WHERE id = :id
`;

const REWRITE = `
  UPDATE segments
  SET dropped = :dropped, from_at = :at, to_at = :toAt, tail = :tail,
      beats = '[0,' || :head || ']' || :rest
  WHERE id = :id
`;

const DELETE = `
  DELETE FROM segments
  WHERE id = :id
`;

/** Some rows of a table, and before when what is old began. */
export interface Stretch extends Parameters {
  readonly after: number;
  readonly last: number;
  readonly before: Instant;
}

/** Thins history; each call is part of its caller's transaction. */
export class Thinning {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Thins these rows, where they are old and dense. */
  step({ after, last, before }: Stretch): void {
    const rows = this.#db.all(SELECT_DENSE, { after, last, before, apart: APART });
    for (const row of rows.map(denseRow)) this.#thin(row);
  }

  #thin({ id, app, first, fromAt, count, beats }: DenseRow): void {
    const db = this.#db;
    const all = numbered({ number: first, at: fromAt, text: beats });
    const before = db.get(SELECT_BEFORE, { app, first });
    const kept = apart(all, before === null ? null : Number(before.to_at));
    const dropped = count - kept.length;
    const [stretch] = new Series(kept).stretches(Infinity);
    if (stretch !== undefined && (before === null || Number(before.length) >= SEGMENT_LENGTH)) {
      const { at, toAt, tail, head, rest } = stretch;
      db.run(REWRITE, { id, dropped, at, toAt, tail, head, rest });
    } else if (before !== null) {
      const into = { id: Number(before.id), dropped, count };
      db.run(DELETE, { id });
      if (stretch === undefined) db.run(COUNT_DROPPED, into);
      else db.run(JOIN, { ...stretch, ...into });
    }
  }
}

/** Those that lie far enough apart, from `last` on. One that came before it, by a clock set back, is kept. */
function apart(
  beats: readonly NumberedHeartbeat[],
  last: Instant | null,
): readonly NumberedHeartbeat[] {
  return beats.filter(({ at }) => {
    if (last !== null && at >= last && at - last < APART) return false;
    last = at;
    return true;
  });
}

interface DenseRow {
  readonly id: number;
  readonly app: number;
  readonly first: number;
  readonly fromAt: Instant;
  readonly count: number;
  readonly beats: string;
}

function denseRow({ id, app, first, from_at, count, beats }: Row): DenseRow {
  return {
    id: Number(id),
    app: Number(app),
    first: Number(first),
    fromAt: Number(from_at),
    count: Number(count),
    beats: String(beats),
  };
}

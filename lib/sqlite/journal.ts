/**
 * The journal: heartbeats that are on disk and in no other table yet, a row for
 * all that were written together.
 *
 *     [[23,1,1795820892264,"success","OK:200","192.0.2.1","curl/8"],[24,7,0],[25,3,1],…]
 *
 * An entry that says the same as the one before it, from the same place, holds
 * only its app, its number, and the milliseconds since that one. Rows that are
 * so short share a page of the file, and most commits write one page instead of
 * five; each page more takes a commit some 20 microseconds (tests/bench/).
 *
 * @module
 */

import type { Duration, Instant } from "../clock.ts";
import type { HeartbeatKind } from "../heartbeat.ts";
import type { Database } from "./database.ts";
import { type Beat, saysTheSame } from "./series.ts";

const INSERT = `
  INSERT INTO journal (heartbeats)
  VALUES (:heartbeats)
`;

const SELECT_ALL = `
  SELECT id, heartbeats
  FROM journal
  ORDER BY id
`;

const SELECT_NEWEST = `
  SELECT heartbeats
  FROM journal
  ORDER BY id DESC
  LIMIT 1
`;

const DELETE_BEFORE = `
  DELETE FROM journal
  WHERE id < :id
`;

const DELETE_ALL = `
  DELETE FROM journal
`;

/** A heartbeat of an app. */
export interface Entry {
  /** The app's row. */
  readonly app: number;
  /** Which of the app's heartbeats it is: 1 is its first. */
  readonly number: number;
  readonly heartbeat: Beat;
}

/** An entry as it is written. */
type Written =
  | readonly [
    app: number,
    number: number,
    at: Instant,
    kind: HeartbeatKind,
    message: string | null,
    address: string | null,
    userAgent: string | null,
  ]
  | readonly [app: number, number: number, since: Duration];

/** Writes and reads the journal; each call is part of its caller's transaction. */
export class Journal {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Adds these as one row, and returns its id. */
  add(entries: readonly Entry[]): number {
    return this.#db.run(INSERT, { heartbeats: JSON.stringify(written(entries)) }).id;
  }

  /**
   * All there is, in order; a bounded number of rows, see `Settling`. They are
   * parsed one by one: the entries of all of them take some 60 MB.
   */
  *read(): Generator<{ readonly id: number; readonly entries: readonly Entry[] }> {
    for (const { id, heartbeats } of this.#db.all(SELECT_ALL)) {
      yield { id: Number(id), entries: entriesIn(String(heartbeats)) };
    }
  }

  /** When the newest heartbeat of its newest row came; null if there is none. */
  newestAt(): Instant | null {
    const row = this.#db.get(SELECT_NEWEST);
    if (row === null) return null;
    return entriesIn(String(row.heartbeats)).reduce(
      (newest, { heartbeat: { at } }) => Math.max(newest, at),
      -Infinity,
    );
  }

  /** Erases what came before a row, or with null all of it. */
  eraseBefore(id: number | null): void {
    if (id === null) this.#db.run(DELETE_ALL);
    else this.#db.run(DELETE_BEFORE, { id });
  }
}

function written(entries: readonly Entry[]): readonly Written[] {
  return entries.map(({ app, number, heartbeat }, index) => {
    const { at, kind, message, address, userAgent } = heartbeat;
    const before = entries[index - 1]?.heartbeat;
    if (before !== undefined && saysTheSame(heartbeat, before)) {
      return [app, number, at - before.at];
    }
    return [app, number, at, kind, message, address, userAgent];
  });
}

function entriesIn(text: string): readonly Entry[] {
  let before: Beat | null = null;
  return (JSON.parse(text) as readonly Written[]).map((entry) => {
    const heartbeat: Beat = beatOf(entry, before);
    before = heartbeat;
    return { app: entry[0], number: entry[1], heartbeat };
  });
}

function beatOf(entry: Written, before: Beat | null): Beat {
  if (entry.length === 3) {
    if (before === null) throw new TypeError("Cannot read the journal: a row begins with a repeat");
    return { ...before, at: before.at + entry[2] };
  }
  const [, , at, kind, message, address, userAgent] = entry;
  return { at, kind, message, address, userAgent };
}

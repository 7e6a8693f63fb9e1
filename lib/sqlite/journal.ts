/**
 * The journal: heartbeats that are on disk and in no other table yet, a row for
 * all that were written together.
 *
 * @module
 */

import type { Instant } from "../clock.ts";
import type { Heartbeat } from "../heartbeat.ts";
import { type Database, integer } from "./database.ts";

const INSERT = `
  INSERT INTO journal (heartbeats)
  VALUES (:heartbeats)
`;

const SELECT_ALL = `
  SELECT id, heartbeats
  FROM journal
  ORDER BY id
`;

/** The instants of the newest row's heartbeats hardly differ. */
const SELECT_NEWEST = `
  SELECT heartbeats ->> '$[#-1][2]' AS at
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
  readonly heartbeat: Omit<Heartbeat, "appId">;
}

/** An entry as it is written. */
type Written = readonly [
  app: number,
  number: number,
  at: Instant,
  kind: Heartbeat["kind"],
  message: string | null,
  address: string | null,
  userAgent: string | null,
];

/** Writes and reads the journal; each call is part of its caller's transaction. */
export class Journal {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Adds these as one row, and returns its id. */
  add(entries: readonly Entry[]): number {
    const written: readonly Written[] = entries.map(({ app, number, heartbeat }) => {
      const { at, kind, message, address, userAgent } = heartbeat;
      return [app, number, at, kind, message, address, userAgent];
    });
    return this.#db.run(INSERT, { heartbeats: JSON.stringify(written) }).id;
  }

  /** All there is, in order; a bounded number of rows, see `Settling`. */
  read(): readonly { readonly id: number; readonly entries: readonly Entry[] }[] {
    return this.#db.all(SELECT_ALL).map(({ id, heartbeats }) => ({
      id: Number(id),
      entries: (JSON.parse(String(heartbeats)) as readonly Written[]).map(entryOf),
    }));
  }

  /** When its newest heartbeat came; null if there is none. */
  newestAt(): Instant | null {
    return integer(this.#db.get(SELECT_NEWEST)?.at);
  }

  /** Erases what came before a row, or with null all of it. */
  eraseBefore(id: number | null): void {
    if (id === null) this.#db.run(DELETE_ALL);
    else this.#db.run(DELETE_BEFORE, { id });
  }
}

function entryOf([app, number, at, kind, message, address, userAgent]: Written): Entry {
  return { app, number, heartbeat: { at, kind, message, address, userAgent } };
}

/**
 * The doubts of each app that are over (doubt.ts), and the gaps from before
 * they were kept.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { Instant, Span } from "../clock.ts";
import { doubt, type Doubts } from "../doubt.ts";
import type { Database, Row } from "./database.ts";
import type { Memory } from "./memory.ts";

/** The most doubts that are read at once, of all apps of a page: some 10 ms. */
const DOUBTS_LIMIT = 10_000;

/** The most gaps that are read at once: some 10 ms. */
const GAPS_LIMIT = 10_000;

const INSERT = `
  INSERT INTO doubts (app, from_at, to_at)
  VALUES (:app, :from, :to)
`;

/** The newest first. Index: doubts_by_app. */
const SELECT_SINCE = `
  SELECT app, from_at, to_at
  FROM doubts
  WHERE app IN (SELECT value FROM json_each(:apps)) AND to_at > :from
  ORDER BY to_at DESC
  LIMIT :limit
`;

/** Of the newest rows, so many; one that moved no deadline made no doubt. */
const SELECT_GAPS = `
  SELECT began_at AS from_at, ended_at AS to_at
  FROM gaps
  WHERE id > (SELECT MAX(id) FROM gaps) - :limit
    AND ended_at > :from AND ended_at <= :to AND moved > 0
  ORDER BY began_at, id
`;

const DELETE_OF_APP = `
  DELETE FROM doubts
  WHERE app = :app
`;

/** Reads and writes doubts; each call is part of its caller's transaction. */
export class DoubtTable {
  readonly #db: Database;
  readonly #memory: Memory;

  constructor(db: Database, memory: Memory) {
    this.#db = db;
    this.#memory = memory;
  }

  /** The app in this row is known again at `at`: keeps what nobody knew of it before, if there was that. */
  end(row: number, app: App, at: Instant): void {
    const span = doubt(app, at);
    if (span !== null) this.#db.run(INSERT, { app: row, ...span });
  }

  /** See `Store.doubts()`; of each app its row. */
  of(apps: ReadonlyMap<string, number>, from: Instant): ReadonlyMap<string, Doubts> {
    const wanted = JSON.stringify([...apps.values()]);
    const found = this.#db.all(SELECT_SINCE, { apps: wanted, from, limit: DOUBTS_LIMIT });
    const keptFrom = Number(this.#memory.read("history from") ?? -Infinity);
    // The oldest that was read: of some app there may be others, just as old.
    const readFrom = found.length < DOUBTS_LIMIT ? -Infinity : Number(found.at(-1)?.to_at);
    const wholeFrom = Math.max(keptFrom, readFrom);
    const byApp = Map.groupBy(found, ({ app }) => Number(app));
    const all = Array.from(apps, ([id, row]) => {
      const spans = (byApp.get(row) ?? []).map(spanOf).reverse();
      return [id, { spans, wholeFrom }] as const;
    });
    return new Map(all);
  }

  /** See `Store.earlierGaps()`. */
  earlierGaps(from: Instant): readonly Span[] {
    const to = Number(this.#memory.read("doubts from") ?? -Infinity);
    if (to <= from) return [];
    return this.#db.all(SELECT_GAPS, { from, to, limit: GAPS_LIMIT }).map(spanOf);
  }

  /** Erases those of an app. */
  forget(row: number): void {
    this.#db.run(DELETE_OF_APP, { app: row });
  }
}

function spanOf({ from_at, to_at }: Row): Span {
  return { from: Number(from_at), to: Number(to_at) };
}

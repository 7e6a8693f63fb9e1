/**
 * The database seen from beside: by SQLite alone, with none of the service's code.
 *
 * @module
 */

import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { type Duration, SECOND } from "../../lib/clock.ts";

/** How long a look may wait for a writer, in milliseconds. */
const PATIENCE: Duration = 10 * SECOND;

/** A query's rows. */
export function rows(path: string, sql: string): readonly Record<string, SQLOutputValue>[] {
  using db = new DatabaseSync(path, { readOnly: true, timeout: PATIENCE });
  return db.prepare(sql).all();
}

/** The one number that a query is for. */
export function figure(path: string, sql: string): number {
  return Number(Object.values(rows(path, sql)[0] ?? {})[0]);
}

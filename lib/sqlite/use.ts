/**
 * A mark in the database of whether it is in use, and of which file it was when
 * it was taken into use. It stands in the file itself, and not only in its log:
 * so a copy of the file alone can be told from the file.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Database } from "./database.ts";
import { placeOf } from "./place.ts";

/** What the mark says. */
export interface Use {
  readonly isOpen: boolean;
  /** Of the file; null where the system has none. */
  readonly inode: number | null;
  /** `PRAGMA schema_version` by then, which only rises. */
  readonly schema: number;
  /** The same as it stood in the file itself, if its log already knew more. */
  readonly schemaBefore: number;
}

const WRITE = `
  INSERT INTO memory (key, value)
  VALUES ('use', :use)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value
`;

const CLOSE = `
  UPDATE memory
  SET value = json_set(value, '$.isOpen', json('false'))
  WHERE key = 'use'
`;

const READ = `
  SELECT value
  FROM memory
  WHERE key = 'use'
`;

/**
 * Marks a database that its owner has opened as in use.
 *
 * @param schemaBefore what the file itself said before it was opened.
 */
export function beginUse(db: DatabaseSync, path: string, schemaBefore: number): void {
  const { ino: inode } = Deno.statSync(placeOf(path));
  const schema = Number(db.prepare("PRAGMA schema_version").get()?.schema_version);
  const use: Use = { isOpen: true, inode, schema, schemaBefore };
  db.prepare(WRITE).run({ use: JSON.stringify(use) });
  // Into the file, as far as nobody reads an older state of it.
  db.prepare("PRAGMA wal_checkpoint(PASSIVE)").all();
}

/**
 * Marks it as no longer in use, before its owner closes it: SQLite then has
 * all in the file, and removes the log.
 */
export function endUse(db: Database): void {
  try {
    db.run(CLOSE);
  } catch {
    // A disk that takes nothing is told of by all else; the file stays where it is, and is known by that.
  }
}

/** What the mark says, or null where there is none: a version before wrote none. */
export function readUse(db: DatabaseSync): Use | null {
  const hasMemory = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'memory'";
  if (db.prepare(hasMemory).get() === undefined) return null;
  const value = db.prepare(READ).get()?.value;
  return typeof value === "string" ? JSON.parse(value) : null;
}

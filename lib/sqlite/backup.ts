/**
 * A copy of the database that is known to be good.
 *
 * @module
 */

import { backup, DatabaseSync } from "node:sqlite";
import { AppError } from "../errors.ts";
import { inspectDatabase } from "./database.ts";
import { makePrivateFile, unusable } from "./file.ts";

/** Pages copied at once: all of them, so that nobody's writing starts the copy anew. */
const ALL_PAGES = 2 ** 30;

/** What was copied. */
export interface Backup {
  readonly bytes: number;
  readonly apps: number;
  readonly heartbeats: number;
  readonly flips: number;
}

/**
 * Copies the database to a file that is not there yet, while it may be
 * written. The copy gets its name only once it has been found whole.
 *
 * @throws {AppError} `unusable`, and nothing is left behind.
 */
export async function backUp(database: string, file: string): Promise<Backup> {
  if (!inspectDatabase(database)) throw unusable(database, "there is none");
  if (exists(file)) throw cannotBackUp(file, "there is a file already; choose another name");
  const unchecked = `${file}.unchecked`;
  try {
    makePrivateFile(unchecked);
    using db = new DatabaseSync(database);
    await backup(db, unchecked, { rate: ALL_PAGES });
    const copied = examine(unchecked, file);
    Deno.renameSync(unchecked, file);
    return copied;
  } catch (error) {
    for (const left of [unchecked, `${unchecked}-wal`, `${unchecked}-shm`]) {
      if (exists(left)) Deno.removeSync(left);
    }
    if (error instanceof AppError) throw error;
    throw cannotBackUp(file, error instanceof Error ? error.message : String(error), error);
  }
}

/** Opens the copy as anyone would, has SQLite check all of it, and counts what is in it. */
function examine(path: string, file: string): Backup {
  using db = new DatabaseSync(path);
  // One file, without a log beside it.
  db.exec("PRAGMA journal_mode = DELETE");
  const found = db.prepare("PRAGMA integrity_check").all().map((row) =>
    String(row.integrity_check)
  );
  if (found.join() !== "ok") throw cannotBackUp(file, `the copy is damaged: ${found[0]}`);
  if (db.prepare("PRAGMA foreign_key_check").get() !== undefined) {
    throw cannotBackUp(file, "the copy is damaged: rows name others that are not there");
  }
  const count = (table: string) =>
    Number(db.prepare(`SELECT COUNT(*) AS rows FROM ${table}`).get()?.rows);
  const { size: bytes } = Deno.statSync(path);
  return { bytes, apps: count("apps"), heartbeats: count("heartbeats"), flips: count("flips") };
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function cannotBackUp(file: string, why: string, cause?: unknown): AppError {
  return new AppError("unusable", `Cannot back up to "${file}": ${why}`, { cause });
}

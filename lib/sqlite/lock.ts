/**
 * One owner: an exclusive transaction on a small file beside the database.
 *
 * The kernel frees it when its holder dies, however it dies. It is not taken
 * on the database itself, for that would lock out readers.
 *
 * @module
 */

import { type AppError, outsideFault } from "../errors.ts";
import { connect } from "./connection.ts";
import { BUSY, errorCode, inspectDatabase } from "./database.ts";
import { makeFile, unusable } from "./file.ts";
import { placeOf } from "./place.ts";

/** Ownership of a database, until it is disposed of. */
export interface Lock extends Disposable {
  /** The file that is locked. */
  readonly path: string;
}

/**
 * Takes the database's lock, or null if someone else holds it.
 *
 * @throws {AppError} `unusable` for a database that is not ours to use, before
 * any file is made.
 */
export function takeLock(database: string): Lock | null {
  inspectDatabase(database);
  // Of the file itself: another path to it must lead to the same lock.
  const path = `${placeOf(database)}.lock`;
  makeFile(path, database);
  const db = connect(path, 0, database);
  try {
    db.prepare("BEGIN EXCLUSIVE").run();
  } catch (error) {
    db.close();
    if (errorCode(error) === BUSY) return null;
    throw unusable(database, `its lock "${path}" cannot be taken: ${outsideFault(error)}`, error);
  }
  return { path, [Symbol.dispose]: () => db.close() };
}

/** What to tell whoever comes second. */
export function secondOwner(database: string): AppError {
  return unusable(
    database,
    "another stillalive owns it; stop that one first, or give this one a database of its own by " +
      "DATABASE",
  );
}

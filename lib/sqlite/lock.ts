/**
 * One owner: an exclusive transaction on a small file beside the database.
 *
 * The kernel frees it when its holder dies, however it dies. It is not taken
 * on the database itself, for that would lock out readers.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { AppError, outsideFault } from "../errors.ts";
import { connect } from "./connection.ts";
import { BUSY, errorCode, inspectDatabase } from "./database.ts";
import { type Identity, identityOf, lossOf, makeFile, unusable } from "./file.ts";
import { placeOf } from "./place.ts";

/** Ownership of a database, until it is disposed of. */
export interface Lock extends Disposable {
  /** The file that is locked. */
  readonly path: string;
  /**
   * Whether it still keeps others out. Where its file was removed it keeps
   * nobody out any more, and is taken anew; `lost` where another was faster.
   */
  look(): "held" | "taken anew" | "lost";
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
  const taken = locked(path, database);
  return taken === null ? null : new HeldLock(taken, { path, database });
}

/** A file that is locked, by a transaction that never ends. */
interface Locked {
  readonly db: DatabaseSync;
  /** Null where the system has none; there a file in use cannot be removed. */
  readonly file: Identity | null;
}

class HeldLock implements Lock {
  readonly path: string;
  readonly #database: string;
  #locked: Locked;

  constructor(
    taken: Locked,
    { path, database }: { readonly path: string; readonly database: string },
  ) {
    this.path = path;
    this.#database = database;
    this.#locked = taken;
  }

  look(): "held" | "taken anew" | "lost" {
    const { file, db } = this.#locked;
    if (file === null || lossOf(file) === null) return "held";
    try {
      const again = locked(this.path, this.#database);
      if (again === null) return "lost";
      db.close();
      this.#locked = again;
      return "taken anew";
    } catch (error) {
      // What keeps us from it, as a full disk, keeps others from it too: the next look tries again.
      if (error instanceof AppError) return "held";
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#locked.db.close();
  }
}

/** Locks the file, making it where there is none; null if someone else holds it. */
function locked(path: string, database: string): Locked | null {
  makeFile(path, database);
  const db = connect(path, 0, database);
  try {
    db.prepare("BEGIN EXCLUSIVE").run();
    return { db, file: identityOf(path) };
  } catch (error) {
    db.close();
    if (errorCode(error) === BUSY) return null;
    throw unusable(database, `its lock "${path}" cannot be taken: ${outsideFault(error)}`, error);
  }
}

/** What to tell whoever comes second. */
export function secondOwner(database: string): AppError {
  return unusable(
    database,
    "another stillalive owns it; stop that one first, or give this one a database of its own by " +
      "DATABASE",
  );
}

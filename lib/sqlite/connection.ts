/**
 * Connections to SQLite files, and what is said where one fails.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { AppError, outsideFault } from "../errors.ts";
import { unusable } from "./file.ts";

/**
 * Opens a file, and waits so long for other processes, in milliseconds.
 *
 * @throws {AppError} `unusable`, naming `database`, which the file may only be beside.
 */
export function connect(path: string, timeout: number, database: string = path): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout });
  } catch (error) {
    throw readable(database, error);
  }
}

/** What SQLite or the system says of a database, as a sentence with its path; any other error as it is. */
export function readable(database: string, error: unknown): unknown {
  const said = error instanceof AppError ? null : outsideFault(error);
  return said === null ? error : unusable(database, said, error);
}

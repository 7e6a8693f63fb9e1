/**
 * The database's file: made for its owner alone, and refused untouched where
 * it cannot be ours.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import type { FileLoss, StorageFile } from "../store.ts";
import { placeOf } from "./place.ts";

/** Only the owner may read and write: heartbeats can hold anything. */
const MODE = 0o600;

/** How a SQLite file begins (https://sqlite.org/fileformat.html §1.3). */
export const MAGIC = "SQLite format 3\0";
const HEAD_BYTES = 100;
const FORMAT_OFFSET = 18;
const WRITTEN_AHEAD = 2;
const SCHEMA_OFFSET = 40;
const USER_VERSION_OFFSET = 60;
const APPLICATION_ID_OFFSET = 68;

/**
 * Makes an empty file for SQLite to fill, where there is none.
 *
 * SQLite would make it readable for everyone; its `-wal` and `-shm` files
 * take their mode from this one.
 *
 * @param database the file that an error names, where this one is only beside it.
 * @returns whether it was made now.
 */
export function makeFile(path: string, database: string = path): boolean {
  try {
    // A link that leads nowhere yet would be in the way, and SQLite fill what it leads to.
    Deno.openSync(placeOf(path), { createNew: true, write: true, mode: MODE }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw unusable(database, whyNot(error), error);
  }
}

/** Takes back what was to become a database: what there was, an empty file or none, is there again. */
export function unmake(path: string, { isNew }: { readonly isNew: boolean }): void {
  for (const part of [`${placeOf(path)}-wal`, `${placeOf(path)}-shm`, `${placeOf(path)}-journal`]) {
    remove(part);
  }
  if (isNew) remove(placeOf(path));
  else Deno.truncateSync(path);
}

/**
 * Writes a file for its owner alone, in place of whatever is there: an older
 * one would keep the mode that it has.
 */
export function makePrivateFile(path: string, text = ""): void {
  remove(path);
  Deno.writeTextFileSync(path, text, { createNew: true, mode: MODE });
}

/** Which file it is that a path led to, whatever it leads to later. */
export interface Identity {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
}

/** The identity of a file, or null where the system has none. */
export function identityOf(path: string): Identity | null {
  const { dev: device, ino: inode } = Deno.statSync(path);
  return inode === null ? null : { path, device, inode };
}

/** What became of the file, or null while it is in its place. */
export function lossOf({ path, device, inode }: Identity): FileLoss | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    return dev === device && ino === inode ? null : { database: path, what: "replaced" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { database: path, what: "deleted" };
    throw error;
  }
}

/** The file with its whole path, and how much room it takes with what SQLite keeps beside it. */
export function measured(path: string): StorageFile {
  const place = placeOf(path);
  const parts = [place, `${place}-wal`, `${place}-shm`];
  const bytes = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  return { path: place, bytes };
}

/** What the head of a database file tells. */
export interface FileHead {
  /** `PRAGMA application_id`. */
  readonly applicationId: number;
  /** `PRAGMA user_version`. */
  readonly version: number;
  /** `PRAGMA schema_version`, which each change of the schema raises. */
  readonly schema: number;
  /** Whether it is written ahead, so that a log beside it may hold a part of it. */
  readonly isAhead: boolean;
}

/**
 * Reads the head of a database file that we may write. SQLite itself would
 * leave files beside one that is written ahead, even if it only reads.
 *
 * @returns null for no file, or one that is still empty.
 * @throws {AppError} `unusable` for what cannot be a database of ours.
 */
export function readHead(path: string): FileHead | null {
  let bytes: Uint8Array;
  try {
    if (!Deno.statSync(path).isFile) throw unusable(path, "it is not a file");
    using file = Deno.openSync(path, { read: true, write: true });
    const head = new Uint8Array(HEAD_BYTES);
    bytes = head.subarray(0, file.readSync(head) ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof AppError) throw error;
    throw unusable(path, whyNot(error), error);
  }
  if (bytes.length === 0) return null;
  const magic = new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC || bytes.length < HEAD_BYTES) {
    throw unusable(path, "the file is no SQLite database");
  }
  const numbers = new DataView(bytes.buffer);
  return {
    applicationId: numbers.getUint32(APPLICATION_ID_OFFSET),
    version: numbers.getUint32(USER_VERSION_OFFSET),
    schema: numbers.getUint32(SCHEMA_OFFSET),
    isAhead: numbers.getUint8(FORMAT_OFFSET) === WRITTEN_AHEAD,
  };
}

/** Why a database cannot be used, in one sentence with its path. */
export function unusable(path: string, why: string, cause?: unknown): AppError {
  return new AppError("unusable", `Cannot use database "${path}": ${why}`, { cause });
}

/** Removes the file that is there, be it none. */
function remove(path: string): void {
  try {
    if (!Deno.lstatSync(path).isDirectory) Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "its folder does not exist";
  if (error instanceof Deno.errors.PermissionDenied) return "it may not be written by this user";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}

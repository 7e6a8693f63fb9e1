/**
 * Whether a database's file and its log belong together. SQLite does not look:
 * it would take a half for the whole, or mix what is of two.
 *
 *  a.db, a.db-wal   as a kill leaves them: together they are the database
 *  a.db             copied alone while it was in use: what came last is missing
 *  b.db, a.db-wal   a backup in place of a.db, beside what was left of that
 *  a.db-wal         what came last, without what it came to
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { AppError, outsideFault } from "../errors.ts";
import { connect } from "./connection.ts";
import { type FileHead, readHead, unusable } from "./file.ts";
import { placeOf } from "./place.ts";
import { readUse, type Use } from "./use.ts";

/** A log with less than that has nothing in it: its own head (https://sqlite.org/fileformat.html §4.1). */
const LOG_HEAD_BYTES = 32;

/**
 * Refuses halves, before anything is written.
 *
 * @returns what the file says by itself, or null for none.
 * @throws {AppError} `unusable`, saying which files belong together, or which to remove.
 */
export function refuseHalves(path: string): FileHead | null {
  const place = placeOf(path);
  const log = `${place}-wal`;
  const head = readHead(path);
  const logged = lookAt(log);
  const hasLog = logged !== null && logged.size > LOG_HEAD_BYTES;
  if (head === null && hasLog) {
    throw unusable(
      path,
      `only its log "${log}" is there, which holds what was stored last; put the file back beside ` +
        "it, or remove that to begin anew",
    );
  }
  if (head === null) return null;
  if (hasLog && !head.isAhead) throw unusable(path, foreignLog(place));
  if (hasLog) examine(path, { head, loggedAt: logged.at });
  else if (logged === null && isBareCopy(path, head)) throw unusable(path, bareCopy(log));
  return head;
}

/** Whether the file was copied while it was in use, without its log. */
function isBareCopy(path: string, head: FileHead): boolean {
  // Whoever closes a database leaves no log, and the file says so. One that was killed leaves its
  // log; if that is gone because somebody has opened and closed it since, it is still the same file.
  if (!head.isAhead) return false;
  // Version 0.1.0 wrote the first tables to the log alone.
  if (head.version === 0) return true;
  const use = useOf(path);
  if (use === null || !use.isOpen || use.inode === null) return false;
  return use.inode !== Deno.statSync(path).ino && use.schema === head.schema;
}

/** What its mark says; nothing where the file is damaged, which whoever reads more of it tells. */
function useOf(path: string): Use | null {
  using db = connect(path, 0);
  try {
    return readUse(db);
  } catch (error) {
    if (outsideFault(error) === null) throw error;
    return null;
  }
}

/** Looks at a file and its log for what two that do not belong together come to. */
function examine(
  path: string,
  { head, loggedAt }: { readonly head: FileHead; readonly loggedAt: number },
): void {
  const place = placeOf(path);
  try {
    // Only read: else SQLite would bring the log into the file when it is closed.
    using db = new DatabaseSync(path, { readOnly: true });
    const use = readUse(db);
    // SQLite's own copies begin to count anew. Somebody's hand may have raised it: that is theirs.
    const isCopy = use !== null && head.schema < use.schema && head.schema !== use.schemaBefore;
    if (isCopy) throw unusable(path, foreignLog(place));
    // The log is written last, but for moments: this may be another file, and all is to be looked at.
    if ((lookAt(place)?.at ?? 0) <= loggedAt) return;
    const found = db.prepare("PRAGMA quick_check(1)").get()?.quick_check;
    if (found === "ok") return;
    const what = String(found).split("\n").at(-1);
    throw unusable(path, `SQLite says "${what}"; perhaps ${foreignLog(place)}`);
  } catch (error) {
    const why = error instanceof AppError ? null : outsideFault(error);
    throw why === null ? error : unusable(path, `${why}; perhaps ${foreignLog(place)}`, error);
  }
}

function bareCopy(log: string): string {
  return `it was copied while it was in use, without its log "${log}", which holds what was stored ` +
    "last; copy both together, or make copies by stillalive backup. To go on with what is in this " +
    `file, make an empty "${log}" beside it`;
}

function foreignLog(place: string): string {
  return `"${place}-wal" is left from another database, and would be mixed into this one; if this ` +
    `file was put in place of that, as a backup is, remove "${place}-wal" and "${place}-shm"`;
}

/** How large a file is, and when it was last written; null for none, and for what is none. */
function lookAt(path: string): { readonly size: number; readonly at: number } | null {
  try {
    const { isFile, size, mtime } = Deno.statSync(path);
    return isFile ? { size, at: mtime?.getTime() ?? 0 } : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

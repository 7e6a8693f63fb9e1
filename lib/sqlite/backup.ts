/**
 * A copy of the database that is known to be good.
 *
 *  FILE.unchecked ── copied ── reopened and checked ── renamed ── FILE
 *
 * @module
 */

import { backup, DatabaseSync } from "node:sqlite";
import { AppError } from "../errors.ts";
import { drained } from "../loop.ts";
import { requireDatabase } from "./database.ts";
import { makeFile, makePrivateFile } from "./file.ts";
import { refuseHalves } from "./halves.ts";

/**
 * Pages copied in one step: all of them. A commit of the owner between two
 * steps would start the copy anew, and while heartbeats come it would never
 * end. A reader keeps nobody from writing ahead, however long it reads.
 */
const ALL_PAGES = 2 ** 30;

/** How long the copy waits for another process, in milliseconds: nothing else waits here. */
const PATIENCE = 2_000;

/** What is counted, and how: what a look at a copy is about. */
const COUNTS: Readonly<Record<string, string>> = {
  apps: "SELECT COUNT(*) AS rows FROM apps",
  heartbeats: `
    SELECT (SELECT COALESCE(SUM(count - dropped), 0) FROM segments)
      + (SELECT COUNT(*) FROM imported_heartbeats)
      + (
        SELECT COUNT(*)
        FROM journal, json_each(journal.heartbeats) AS entry
        JOIN apps ON apps.id = entry.value ->> 0
        WHERE entry.value ->> 1 > apps.heartbeats
      ) AS rows
  `,
  flips: "SELECT COUNT(*) AS rows FROM flips",
  debts: "SELECT COUNT(*) AS rows FROM debts",
  messages: "SELECT COUNT(*) AS rows FROM messages",
};

/** What was copied. */
export interface Backup {
  readonly bytes: number;
  /** How much there is of what. */
  readonly rows: readonly (readonly [what: string, rows: number])[];
}

/**
 * Copies the database to a file that is not there yet, while it may be
 * written. The copy gets its name only once it has been found whole.
 *
 * @param signal ends it, as soon as the driver lets go: copying and checking are a step each.
 * @throws {AppError} `unusable`, and nothing is left behind.
 */
export async function backUp(
  database: string,
  file: string,
  signal: AbortSignal,
): Promise<Backup> {
  requireDatabase(database);
  refuseHalves(database);
  const unchecked = `${file}.unchecked`;
  const left: string[] = [];
  try {
    if (exists(file)) throw taken(file);
    makePrivateFile(unchecked);
    left.push(...["", "-journal", "-wal", "-shm"].map((end) => `${unchecked}${end}`));
    await copy(database, unchecked);
    await goOn(file, signal);
    const rows = examine(unchecked, file);
    await goOn(file, signal);
    // Takes the name first: a rename alone would replace what came there meanwhile.
    if (!makeFile(file)) throw taken(file);
    left.push(file);
    Deno.renameSync(unchecked, file);
    left.length = 0;
    return { bytes: Deno.statSync(file).size, rows };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw cannotBackUp(file, whyNot(error), error);
  } finally {
    for (const path of left) if (exists(path)) Deno.removeSync(path);
  }
}

async function copy(database: string, to: string): Promise<void> {
  using db = new DatabaseSync(database, { timeout: PATIENCE });
  await backup(db, to, { rate: ALL_PAGES });
}

/** Hears what has asked us to stop meanwhile. */
async function goOn(file: string, signal: AbortSignal): Promise<void> {
  await drained();
  if (signal.aborted) throw cannotBackUp(file, "it was stopped");
}

/** Opens the copy as anyone would, has SQLite check all of it, and counts what is in it. */
function examine(path: string, file: string): Backup["rows"] {
  using db = new DatabaseSync(path);
  // One file, without a log beside it.
  db.exec("PRAGMA journal_mode = DELETE");
  const found = db.prepare("PRAGMA integrity_check(1)").get()?.integrity_check;
  if (found !== "ok") throw cannotBackUp(file, `the copy is damaged: ${found}`);
  if (db.prepare("PRAGMA foreign_key_check").get() !== undefined) {
    throw cannotBackUp(file, "the copy is damaged: rows name others that are not there");
  }
  return Object.entries(COUNTS).map(([what, sql]) => [what, Number(db.prepare(sql).get()?.rows)]);
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

function taken(file: string): AppError {
  return cannotBackUp(file, "there is a file already; choose another name");
}

function cannotBackUp(file: string, why: string, cause?: unknown): AppError {
  return new AppError("unusable", `Cannot back up to "${file}": ${why}`, { cause });
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "its folder does not exist";
  if (error instanceof Deno.errors.PermissionDenied) return "this user may not write there";
  return error instanceof Error ? error.message : String(error);
}

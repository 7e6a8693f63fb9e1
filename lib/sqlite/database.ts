/**
 * A SQLite database as we use it: write-ahead log, flushed at every commit.
 *
 * @module
 */

import {
  backup,
  type DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from "node:sqlite";
import { connect, readable } from "./connection.ts";
import { tooOpen } from "./exposure.ts";
import { makeFile, makePrivateFile, readHead, unmake, unusable } from "./file.ts";
import { refuseHalves } from "./halves.ts";
import { migrate, versionOf } from "./migrate.ts";
import { partsOf, placeOf } from "./place.ts";
import { APPLICATION_ID, VERSION } from "./tables.ts";
import { beginUse } from "./use.ts";

/** SQLite's result codes that we tell apart (https://sqlite.org/rescode.html). */
export const BUSY = 5;

/** Busy, out of memory, read-only, I/O error, damaged, full, cannot open, not a database. */
const STORAGE_FAULTS: readonly number[] = [BUSY, 7, 8, 10, 11, 13, 14, 26];

/**
 * How long a statement waits for another process, in milliseconds. The driver
 * is synchronous: while it waits, no heartbeat is taken.
 */
export const BUSY_TIMEOUT = 50;

/** How long a command beside the owner waits for it, in milliseconds: nothing else waits there. */
const PATIENCE_BESIDE = 2_000;

/** The path of a database that lives in memory, for tests. */
export const IN_MEMORY = ":memory:";

const PRAGMAS = `
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = ON;
  PRAGMA checkpoint_fullfsync = ON;
  PRAGMA foreign_keys = ON;
`;

/** The values of a statement's named parameters. */
export type Parameters = Readonly<Record<string, SQLInputValue>>;

/** What in a statement may stand for a parameter, and what only looks like one: texts, names, comments. */
const PARAMETERS = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|:([A-Za-z]\w*)/g;

/** A statement, and the names of its parameters in their order. */
interface Prepared {
  readonly statement: StatementSync;
  readonly names: readonly string[];
}

/** A row as it comes: one mapper a shape turns it into a type. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** An open database: statements, each prepared once, and transactions. */
export class Database implements Disposable {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Runs a statement that changes something. */
  run(sql: string, parameters: Parameters = {}): { readonly changes: number; readonly id: number } {
    const { statement, names } = this.#prepared(sql);
    const { changes, lastInsertRowid } = statement.run(...inOrder(names, parameters));
    return { changes: Number(changes), id: Number(lastInsertRowid) };
  }

  /** The first row, or null for none. */
  get(sql: string, parameters: Parameters = {}): Row | null {
    const { statement, names } = this.#prepared(sql);
    return statement.get(...inOrder(names, parameters)) ?? null;
  }

  /** All rows: the statement must have a limit, or a table that has one. */
  all(sql: string, parameters: Parameters = {}): readonly Row[] {
    const { statement, names } = this.#prepared(sql);
    return statement.all(...inOrder(names, parameters));
  }

  /**
   * Does `work` altogether or not at all. There is no `await` in it, so nothing
   * else can come between.
   */
  transaction<T>(work: () => T): T {
    // Prepared like all else, for only a prepared statement's error carries SQLite's own code.
    this.run("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.run("COMMIT");
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (this.#db.isTransaction) this.run("ROLLBACK");
      throw error;
    }
  }

  /** Waits so long for another process, in milliseconds, where it has locked the file. */
  waitForOthers(patience: number): void {
    this.run(`PRAGMA busy_timeout = ${patience}`);
  }

  /** Reads in one look at one moment, and keeps nobody from writing. */
  snapshot<T>(work: () => T): T {
    this.run("BEGIN DEFERRED");
    try {
      return work();
    } finally {
      // A damaged file makes SQLite end it by itself.
      if (this.#db.isTransaction) this.run("ROLLBACK");
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /**
   * The driver finds a parameter by its name each time, which takes as long as
   * all else of a small statement; by its number it takes half of that.
   */
  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const names: string[] = [];
    const numbered = sql.replaceAll(PARAMETERS, (whole, name?: string) => {
      if (name === undefined) return whole;
      if (!names.includes(name)) names.push(name);
      return `?${names.indexOf(name) + 1}`;
    });
    const prepared = { statement: this.#db.prepare(numbered), names };
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/** The values of parameters; one that is missing is a fault of ours, and not NULL. */
function inOrder(names: readonly string[], parameters: Parameters): SQLInputValue[] {
  return names.map((name) => {
    const value = parameters[name];
    if (value === undefined) throw new TypeError(`Cannot run a statement: ":${name}" is not given`);
    return value;
  });
}

/**
 * Opens the database, making it where there is none and bringing it to the
 * newest version. Only its owner may.
 *
 * @throws {AppError} `unusable` for a file that is not ours to use; it is left untouched.
 */
export async function openDatabase(
  path: string,
): Promise<{ readonly database: Database; readonly isNew: boolean }> {
  const isEmpty = path === IN_MEMORY || !inspectDatabase(path);
  const schemaBefore = path === IN_MEMORY ? 0 : refuseHalves(path)?.schema ?? 0;
  const isNew = path === IN_MEMORY || makeFile(path);
  const db = connect(path, BUSY_TIMEOUT);
  try {
    refuseNewer(path, versionOf(db));
    db.exec(PRAGMAS);
    await migrate(db, (version) => keepCopy(db, `${placeOf(path)}.version-${version}`));
    // Only now: that it is ours, and of which version, stands in the file itself, whenever we are killed.
    db.exec("PRAGMA journal_mode = WAL");
    if (path !== IN_MEMORY) beginUse(db, path, schemaBefore);
    return { database: new Database(db), isNew };
  } catch (error) {
    db.close();
    // Half made, it would be in the way of the next start.
    if (isEmpty && path !== IN_MEMORY) unmake(path, { isNew });
    throw readable(path, error);
  }
}

/**
 * Opens a database beside its owner, for a few small statements.
 *
 * @throws {AppError} `unusable` if there is none, or of another version.
 */
export function openBeside(path: string): Database {
  requireDatabase(path);
  refuseHalves(path);
  const db = connect(path, PATIENCE_BESIDE);
  try {
    if (versionOf(db) === VERSION) return new Database(db);
    throw unusable(path, "it is of another version; start this version of stillalive first");
  } catch (error) {
    db.close();
    throw readable(path, error);
  }
}

/**
 * Refuses to go on where nothing was ever stored, as in another folder.
 *
 * @throws {AppError} `unusable` for that, and for what is not ours to use.
 */
export function requireDatabase(path: string): void {
  const head = inspectDatabase(path) ? readHead(path) : null;
  // Of no version yet is what a first start left that was killed at once, or all is still in the log.
  if (head !== null && (head.version > 0 || head.isAhead)) return;
  const where = "start stillalive first, or come where it runs, or name its database by DATABASE";
  throw unusable(path, `there is none; ${where}`);
}

/**
 * Refuses what we may not use, before anything is written.
 *
 * @returns whether there is a database.
 * @throws {AppError} `unusable`, saying why.
 */
export function inspectDatabase(path: string): boolean {
  const head = readHead(path);
  if (head === null) return false;
  if (head.applicationId !== APPLICATION_ID) throw unusable(path, "it belongs to another program");
  refuseNewer(path, head.version);
  for (const part of partsOf(path)) {
    const why = tooOpen(part);
    if (why !== null) throw unusable(path, why);
  }
  return true;
}

/** A column as a number, or null where it is NULL. */
export function integer(value: SQLOutputValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}

/** SQLite's own code of an error, or null if it is none of SQLite's. */
export function errorCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode & 0xff : null;
}

/** Whether it was the storage that failed, and not one statement: nothing else can be written either. */
export function isStorageFault(error: unknown): boolean {
  const code = errorCode(error);
  return code !== null && STORAGE_FAULTS.includes(code);
}

function refuseNewer(path: string, version: number): void {
  if (version <= VERSION) return;
  throw unusable(
    path,
    `it is from a newer version of stillalive (schema ${version}, this program knows ` +
      `${VERSION}); start that version, or name another file by DATABASE`,
  );
}

/**
 * Copies a database while it may be read, by SQLite's own way. (VACUUM INTO
 * would need Deno's leave for everything, for it attaches a database.)
 */
export async function keepCopy(db: DatabaseSync, path: string): Promise<void> {
  makePrivateFile(path);
  await backup(db, path);
}

/**
 * The original system's database, read and left untouched.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { AppError, outsideFault } from "../errors.ts";
import { MESSAGE_LENGTH } from "../heartbeat.ts";
import type { OriginalRow, OriginalValue } from "../original.ts";
import { BUSY, errorCode, type Row } from "./database.ts";
import { MAGIC } from "./file.ts";

/** How long a read waits for the original to finish a write, in milliseconds. */
const PATIENCE = 1_000;

/** How much of a value that can be no app_id or date is read, in characters. */
const VALUE_LENGTH = 200;

/** How much of a message is read: enough for one code point more than is kept. */
const MESSAGE_BYTES = 4 * (MESSAGE_LENGTH + 1);

/** Below every row: SQLite's smallest integer. */
const BEFORE_ALL = -(2n ** 63n);

/** The files that belong to a database that was not closed cleanly, or is in use. */
const COMPANIONS = ["-wal", "-journal", "-shm"];

/**
 * Every value by its type and as text, cut before it is read: a message may
 * have 10 MB. Messages come as bytes, for the driver reads text up to a NUL.
 */
const SELECT_ROWS = `
  SELECT
    CAST(id AS TEXT) AS row_id,
    TYPEOF(app_id) AS app_type,
    SUBSTR(CAST(app_id AS TEXT), 1, ${VALUE_LENGTH}) AS app_text,
    TYPEOF(date) AS date_type,
    SUBSTR(CAST(date AS TEXT), 1, ${VALUE_LENGTH}) AS date_text,
    TYPEOF(message) AS message_type,
    SUBSTR(CAST(message AS BLOB), 1, ${MESSAGE_BYTES}) AS message_bytes
  FROM appInfo
  WHERE appInfo.id > :after
  ORDER BY appInfo.id
  LIMIT :limit
`;

/** A database of the original system. */
export class Source implements Disposable {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #folder: string | null;

  /** @throws {AppError} `unusable` for what is no such database, or cannot be read. */
  constructor(path: string) {
    this.#path = path;
    const isWrittenAhead = readHead(path);
    this.#folder = isWrittenAhead || hasCompanions(path) ? copyOf(path) : null;
    const readOnly = this.#folder === null;
    const place = readOnly ? path : `${this.#folder}/source`;
    this.#db = unlessOutside(path, () => new DatabaseSync(place, { readOnly }));
    try {
      // As an option it would not be heard for a database that is only read.
      this.#db.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
      this.count();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** How many rows there are. */
  count(): number {
    return this.#asking(() =>
      Number(this.#db.prepare("SELECT COUNT(id) AS rows FROM appInfo").get()?.rows)
    );
  }

  /** All rows by id, so many at a time: the original may write between two reads. */
  *rows(limit: number): Generator<readonly OriginalRow[]> {
    const select = this.#asking(() => this.#db.prepare(SELECT_ROWS));
    for (let after = BEFORE_ALL;;) {
      const rows = this.#asking(() => select.all({ after, limit })).map(originalRow);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.id;
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
    if (this.#folder !== null) Deno.removeSync(this.#folder, { recursive: true });
  }

  #asking<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const code = errorCode(error);
      if (code === null) throw error;
      const why = code === BUSY
        ? "another program is writing it; stop that one, or try again"
        : `SQLite says "${(error as Error).message}"`;
      throw cannotImport(this.#path, why, error);
    }
  }
}

/**
 * Whether the database is written ahead (file format, bytes 18 and 19).
 *
 * @throws {AppError} `unusable` for what is no SQLite database.
 */
function readHead(path: string): boolean {
  const bytes = new Uint8Array(20);
  try {
    if (!Deno.statSync(path).isFile) throw cannotImport(path, "it is not a file");
    using file = Deno.openSync(path);
    file.readSync(bytes);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof Deno.errors.NotFound) throw cannotImport(path, "there is no such file");
    throw cannotImport(path, error instanceof Error ? error.message : String(error), error);
  }
  const magic = new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw cannotImport(path, "the file is no SQLite database");
  return bytes[18] === 2 || bytes[19] === 2;
}

/**
 * Whether another process left it unfinished, or has it in use. Then it is not
 * opened where it lies: SQLite would finish it, or leave files of its own there.
 */
function hasCompanions(path: string): boolean {
  return COMPANIONS.some((companion) => exists(path + companion));
}

function copyOf(path: string): string {
  return unlessOutside(path, () => {
    const folder = Deno.makeTempDirSync({ prefix: "stillalive-import-" });
    Deno.copyFileSync(path, `${folder}/source`);
    for (const companion of COMPANIONS) {
      // Its index is made anew from the log.
      if (companion === "-shm" || !exists(path + companion)) continue;
      Deno.copyFileSync(path + companion, `${folder}/source${companion}`);
    }
    return folder;
  });
}

/** What `work` does; what the system has against it is told as a sentence. */
function unlessOutside<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = outsideFault(error);
    throw why === null ? error : cannotImport(path, why, error);
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function originalRow(row: Row): OriginalRow {
  return {
    id: BigInt(String(row.row_id)),
    appId: originalValue(row.app_type, row.app_text),
    date: originalValue(row.date_type, row.date_text),
    message: originalValue(row.message_type, decode(row.message_bytes)),
  };
}

function decode(bytes: unknown): string {
  return bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : "";
}

function originalValue(type: unknown, text: unknown): OriginalValue {
  return {
    type: String(type) as OriginalValue["type"],
    text: typeof text === "string" ? text : "",
  };
}

function cannotImport(path: string, why: string, cause?: unknown): AppError {
  return new AppError("unusable", `Cannot import "${path}": ${why}`, { cause });
}

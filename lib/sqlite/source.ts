/**
 * The original system's database, read and left untouched.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { END_LENGTH, MESSAGE_LENGTH } from "../message.ts";
import type { OriginalRow, OriginalValue } from "../original.ts";
import { BUSY, errorCode, type Row } from "./database.ts";
import { cannotImport, type SourceFile, sourceFile } from "./source_file.ts";
import { checkTable } from "./source_table.ts";

/** How much of a value that can be no app_id or date is read, in characters. */
const VALUE_LENGTH = 200;

/** How much of a message's beginning is read: enough for one code point more than is kept whole. */
const MESSAGE_BYTES = 4 * (MESSAGE_LENGTH + 1);

/** And of its end, where it is longer than both. */
const END_BYTES = 4 * END_LENGTH;

/** Below every row: SQLite's smallest integer. */
const BEFORE_ALL = -(2n ** 63n);

/** The largest value that is read, in bytes: SQLite has it in memory whole, to cut it. */
const VALUE_BYTES = 16 * 1024 * 1024;

/** The fewest bytes that a row takes in a file (https://sqlite.org/fileformat.html §1.6). */
const ROW_BYTES = 4;

/** How many rows there are behind a row, up to a limit, and which is the last of them. */
const COUNT_ROWS = `
  SELECT COUNT(*) AS counted, CAST(MAX(id) AS TEXT) AS last
  FROM (SELECT id FROM main.appInfo WHERE appInfo.id > :after ORDER BY appInfo.id LIMIT :limit)
`;

/** A value as it is, or in its place how large it is. */
function bounded(column: string): string {
  const size = `OCTET_LENGTH(${column})`;
  return `CASE WHEN ${size} > ${VALUE_BYTES} THEN '(' || ${size} || ' bytes)' ELSE ${column} END`;
}

/**
 * Every value by its type and as text, cut before it is read: a message may
 * have 10 MB. Messages come as bytes, for the driver reads text up to a NUL.
 */
const SELECT_ROWS = `
  SELECT
    CAST(id AS TEXT) AS row_id,
    TYPEOF(app_id) AS app_type,
    SUBSTR(CAST(${bounded("app_id")} AS TEXT), 1, ${VALUE_LENGTH}) AS app_text,
    TYPEOF(date) AS date_type,
    SUBSTR(CAST(${bounded("date")} AS TEXT), 1, ${VALUE_LENGTH}) AS date_text,
    TYPEOF(message) AS message_type,
    SUBSTR(CAST(${bounded("message")} AS BLOB), 1, ${MESSAGE_BYTES}) AS message_bytes,
    SUBSTR(
      CAST(${bounded("message")} AS BLOB),
      MAX(${MESSAGE_BYTES}, LENGTH(CAST(${bounded("message")} AS BLOB)) - ${END_BYTES}) + 1
    ) AS end_bytes
  FROM main.appInfo
  WHERE appInfo.id > :after
  ORDER BY appInfo.id
  LIMIT :limit
`;

/** A database of the original system. */
export class Source implements Disposable {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #file: SourceFile;

  /** @throws {AppError} `unusable` for what is no such database, or cannot be read. */
  constructor(path: string) {
    this.#path = path;
    using resources = new DisposableStack();
    this.#file = resources.use(sourceFile(path));
    this.#db = this.#asking(() =>
      new DatabaseSync(this.#file.path, { readOnly: !this.#file.isCopy })
    );
    resources.use(this.#db);
    this.#asking(() => checkTable(this.#db, path));
    // From here on they are this object's own.
    resources.move();
  }

  /** How many rows there are, so many at a time: each number is one more part of them. */
  *counts(limit: number): Generator<number> {
    const select = this.#asking(() => this.#db.prepare(COUNT_ROWS));
    const walk = this.#walk();
    for (;;) {
      const row = this.#asking(() => select.get({ after: walk.after, limit }));
      const counted = Number(row?.counted);
      if (counted === 0) return;
      walk.went(counted, BigInt(String(row?.last)));
      yield counted;
    }
  }

  /** All rows by id, so many at a time: the original may write between two reads. */
  *rows(limit: number): Generator<readonly OriginalRow[]> {
    const select = this.#asking(() => this.#db.prepare(SELECT_ROWS));
    const walk = this.#walk();
    for (;;) {
      const after = walk.after;
      const rows = this.#asking(() => select.all({ after, limit })).map(originalRow);
      const last = rows.at(-1);
      if (last === undefined) return;
      walk.went(rows.length, last.id);
      yield rows;
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
    this.#file[Symbol.dispose]();
  }

  /** The way through the rows: always on, and no farther than there can be any. */
  #walk(): { readonly after: bigint; went(rows: number, last: bigint): void } {
    const most = this.#file.bytes / ROW_BYTES;
    let after = BEFORE_ALL;
    let seen = 0;
    return {
      get after() {
        return after;
      },
      went: (rows, last) => {
        seen += rows;
        if (last <= after || seen > most) {
          throw cannotImport(
            this.#path,
            "the file is damaged: it leads round in a circle; have SQLite mend a copy " +
              "(sqlite3 db.sqlite .recover | sqlite3 mended.sqlite), and import that",
          );
        }
        after = last;
      },
    };
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

function originalRow(row: Row): OriginalRow {
  return {
    id: BigInt(String(row.row_id)),
    appId: originalValue(row.app_type, row.app_text),
    date: originalValue(row.date_type, row.date_text),
    message: originalValue(row.message_type, decode(row.message_bytes, row.end_bytes)),
  };
}

/** Both as one text; bytes that are none of UTF-8 are replaced. */
function decode(...parts: readonly unknown[]): string {
  const decoder = new TextDecoder();
  const texts = parts.map((part) =>
    part instanceof Uint8Array ? decoder.decode(part, { stream: true }) : ""
  );
  return texts.join("") + decoder.decode();
}

function originalValue(type: unknown, text: unknown): OriginalValue {
  return {
    type: String(type) as OriginalValue["type"],
    text: typeof text === "string" ? text : "",
  };
}

/**
 * Whether a database is one of the original's, found out without running
 * anything that it brings along.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { cannotImport } from "./source_file.ts";

/** How long a read waits for the original to finish a write, in milliseconds. */
const PATIENCE = 1_000;

/** The columns of the original, in small letters. */
const COLUMNS = ["id", "app_id", "date", "message"] as const;

/**
 * How what is asked is answered: nothing is written, and nothing run that the
 * file brings along. As an option the patience would not be heard for a
 * database that is only read.
 */
const PRAGMAS = `
  PRAGMA busy_timeout = ${PATIENCE};
  PRAGMA query_only = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
`;

/** What there is by that name; a view could be read without end, a virtual table runs code. */
const FIND_TABLE = `
  SELECT type, UPPER(sql) LIKE 'CREATE VIRTUAL%' AS is_virtual
  FROM sqlite_schema
  WHERE name = 'appInfo' COLLATE NOCASE AND type IN ('table', 'view')
`;

/** With those that are computed from others. */
const LIST_COLUMNS = "PRAGMA main.table_xinfo(appInfo)";

/**
 * Refuses what is not as the original made it.
 *
 * @param db nothing has been asked of it yet.
 * @throws {AppError} `unusable`.
 */
export function checkTable(db: DatabaseSync, path: string): void {
  db.exec(PRAGMAS);
  const found = db.prepare(FIND_TABLE).get();
  if (found === undefined) {
    throw cannotImport(path, "it has no table appInfo, as the original's has");
  }
  if (found.type !== "table" || found.is_virtual !== 0) {
    const what = found.type === "table" ? "virtual table" : "view";
    throw cannotImport(
      path,
      `its appInfo is a ${what}, which can have rows without end; name the file that the ` +
        "original wrote, or copy the rows into a table",
    );
  }
  const columns = db.prepare(LIST_COLUMNS).all();
  const isOriginal = COLUMNS.every((name) => {
    const column = columns.find((each) => String(each.name).toLowerCase() === name);
    // What is computed from other columns can take any time.
    if (column === undefined || column.hidden !== 0) return false;
    return name !== "id" || (column.pk === 1 && /^integer$/i.test(String(column.type)));
  });
  if (isOriginal && columns.filter(({ pk }) => pk !== 0).length === 1) return;
  throw cannotImport(
    path,
    "its table appInfo is not the original's: expected the columns id (INTEGER PRIMARY KEY), " +
      "app_id, date and message, none of them computed",
  );
}

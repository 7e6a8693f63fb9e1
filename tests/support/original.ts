/** Databases of the original system, made as it made them. */

import { DatabaseSync } from "node:sqlite";

/** Makes one with these rows: SQL values, as they would stand in an INSERT. */
export function makeOriginal(
  path: string,
  rows: readonly (readonly [appId: string, date: string, message: string])[],
): void {
  using db = new DatabaseSync(path);
  db.exec(`
    CREATE TABLE appInfo (
      id INTEGER PRIMARY KEY,
      app_id INTEGER NOT NULL,
      date INTEGER NOT NULL,
      message VARCHAR(512)
    )
  `);
  for (const row of rows) {
    db.exec(`INSERT INTO appInfo (app_id, date, message) VALUES (${row.join(", ")})`);
  }
}

/**
 * Brings a database to this version, or makes one.
 *
 * Each step is one transaction, and a file that holds something is copied first.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID, TABLES, VERSION } from "./tables.ts";

/** What stands in a file before anything else: or it never gives back to the system what is free. */
const BEGINNING = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA application_id = ${APPLICATION_ID};
`;

/** The version that a database file is of: 0 for one just made. */
export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.user_version);
}

/**
 * Brings the database to the newest version.
 *
 * @param copy keeps a copy of it before the step from a version.
 */
export async function migrate(
  db: DatabaseSync,
  copy: (version: number) => Promise<void>,
): Promise<void> {
  const found = versionOf(db);
  // Made in one go: each transaction is a flush, and who is killed between two would leave what is
  // none of ours. (IMMEDIATE would be its beginning.)
  if (found === 0) return take(db, BEGINNING + TABLES, VERSION, "BEGIN");
  if (found >= VERSION) return;
  const { MIGRATIONS } = await import("./migrations.ts");
  await takeSteps(db, MIGRATIONS, copy);
}

/** Takes those of the steps that the database has not taken. */
export async function takeSteps(
  db: DatabaseSync,
  steps: readonly string[],
  copy: (version: number) => Promise<void>,
): Promise<void> {
  const found = versionOf(db);
  for (const [version, step] of steps.entries()) {
    if (version < found) continue;
    await copy(version);
    take(db, step, version + 1, "BEGIN IMMEDIATE");
  }
}

/** Takes a step, all of it or nothing, to the version that it leads to. */
function take(
  db: DatabaseSync,
  step: string,
  version: number,
  begin: "BEGIN" | "BEGIN IMMEDIATE",
): void {
  db.exec(begin);
  try {
    db.exec(step);
    db.exec(`PRAGMA user_version = ${version}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

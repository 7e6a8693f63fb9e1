/**
 * The schema of a database beside the one that this version makes.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import type { Database, Row } from "./database.ts";
import { TABLES } from "./tables.ts";

/** Tables, indexes and what else there may be; SQLite's own follow from those. */
const SELECT_SCHEMA = `
  SELECT type, name, sql
  FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  ORDER BY type DESC, name
`;

/** What is missing, changed or none of ours, each in words. */
export function schemaFaults(db: Database): readonly string[] {
  const made = schemaOf(fresh());
  const found = schemaOf(db.all(SELECT_SCHEMA));
  const missing = [...made].flatMap(([name, sql]) => {
    const its = found.get(name);
    if (its === sql) return [];
    return [its === undefined ? `${name} is missing` : `${name} is not as this version makes it`];
  });
  const foreign = [...found.keys()].filter((name) => !made.has(name));
  return [...missing, ...foreign.map((name) => `${name} is none of ours`)];
}

/** The rows of a database just made. */
function fresh(): readonly Row[] {
  using db = new DatabaseSync(":memory:");
  db.exec(TABLES);
  return db.prepare(SELECT_SCHEMA).all();
}

/** What makes each thing, by what it is and its name: "index apps_down". */
function schemaOf(rows: readonly Row[]): ReadonlyMap<string, string> {
  return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, bare(String(sql))]));
}

/**
 * Without comments, quotes of names and spaces, which SQLite keeps as they were
 * written, and writes itself as its version does when a table is changed.
 */
function bare(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[^]*?\*\/|["`\s]/g, "");
}

/**
 * Apps as text.
 *
 * @module
 */

import { fitted, padded, textWidth } from "./text_width.ts";

/** An app as the service shows it. */
export interface ShownApp {
  readonly app_id: string;
  readonly status: string;
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly note: string | null;
  readonly period: string;
  readonly grace: string;
  readonly last_heartbeat_at: string | null;
  readonly deadline_at: string | null;
  readonly last_message: string | null;
}

/** The widest that a column of the table grows, in columns of a terminal. */
const COLUMN_WIDTH = 40;

/** The most of a value that is shown of one app: some lines of a terminal, in its columns. */
const VALUE_WIDTH = 500;

const COLUMNS: readonly (readonly [string, (app: ShownApp) => string | null])[] = [
  ["APP", ({ app_id }) => app_id],
  ["STATUS", ({ status }) => status],
  ["LAST HEARTBEAT", ({ last_heartbeat_at }) => last_heartbeat_at],
  ["PERIOD", ({ period }) => period],
  ["GRACE", ({ grace }) => grace],
  ["NAME", ({ name }) => name],
  ["TAGS", ({ tags }) => tags.join(",")],
];

/** A line an app, in columns. */
export function appsTable(apps: readonly ShownApp[]): string {
  if (apps.length === 0) return "No apps";
  const rows = [
    COLUMNS.map(([title]) => title),
    ...apps.map((app) => COLUMNS.map(([, read]) => cell(read(app), COLUMN_WIDTH))),
  ];
  const widths = widthsOf(rows);
  return rows
    .map((row) => row.map((text, column) => padded(text, widths[column] ?? 0)).join("  ").trimEnd())
    .join("\n");
}

/** A line a field. */
export function appText(app: ShownApp): string {
  const fields: readonly (readonly [string, string | null])[] = [
    ["app", app.app_id],
    ["status", app.status],
    ["name", app.name],
    ["note", app.note],
    ["tags", app.tags.join(", ")],
    ["period", app.period],
    ["grace", app.grace],
    ["last heartbeat", app.last_heartbeat_at],
    ["last message", app.last_message],
    ["deadline", app.deadline_at],
  ];
  return fields.map(([name, value]) => `${name.padEnd(14)}  ${cell(value, VALUE_WIDTH)}`).join(
    "\n",
  );
}

function cell(value: string | null, columns: number): string {
  return value === null || value === "" ? "-" : fitted(value, columns);
}

/** The widest cell of each column. A loop: as arguments of a call, 100,000 rows are too many. */
function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const widths = COLUMNS.map(() => 0);
  for (const row of rows) {
    for (const [column, text] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(text));
    }
  }
  return widths;
}

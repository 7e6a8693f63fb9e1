/**
 * What the `backup` command says.
 *
 * @module
 */

import { printable } from "../printable.ts";

/** What was copied, and where to; with how many rows each table has. */
interface Copied {
  readonly file: string;
  readonly bytes: number;
  readonly rows: readonly (readonly [table: string, rows: number])[];
}

/** Where the copy is and how large, then a line a table. */
export function backupReport({ file, bytes, rows }: Copied): string {
  const width = Math.max(0, ...rows.map(([, count]) => counted(count).length));
  return [
    `Backed up to "${printable(file)}" and checked: ${counted(bytes)} bytes`,
    ...rows.map(([table, count]) => `  ${table.padEnd(10)}  ${counted(count).padStart(width)}`),
  ].join("\n");
}

function counted(count: number): string {
  return count.toLocaleString("en-US");
}

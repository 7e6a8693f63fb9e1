/**
 * A proof that is run by hand or by the gate: what it was asked for, what it
 * found, and whether that is as promised.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { Duration } from "../../lib/clock.ts";

/** How much is to be proved. */
export interface Extent {
  /** A minute or less, for the gate, instead of all there is. */
  readonly isQuick: boolean;
  readonly rounds: number;
  /** What the random choices come from: the same again for the same number. */
  readonly seed: number;
}

/** Reads `--quick`, `--rounds N` and `--seed N`. */
export function readExtent(
  rounds: { readonly full: number; readonly quick: number },
  args: readonly string[] = Deno.args,
): Extent {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      seed: { type: "string", default: "1" },
    },
  });
  const { quick: isQuick } = values;
  return {
    isQuick,
    rounds: Number(values.rounds ?? (isQuick ? rounds.quick : rounds.full)),
    seed: Number(values.seed),
  };
}

/** Lets a story go on by the clock: nothing that is still to come is waited for with it. */
export function pause(span: Duration): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, span));
}

/** Prints a line. */
export function say(line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/** Rows of text as columns, the first row underlined. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd();
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/** What was found, and what of it is not as promised. */
export class Findings {
  readonly #rows: (readonly string[])[] = [];
  readonly #broken: string[] = [];

  /** Notes a figure that promises nothing. */
  note(what: string, figure: string | number): void {
    this.#rows.push([what, String(figure), ""]);
  }

  /** Notes a figure that must satisfy a promise. */
  hold(what: string, figure: string | number, isKept: boolean): void {
    this.#rows.push([what, String(figure), isKept ? "as promised" : "BROKEN"]);
    if (!isKept) this.#broken.push(`${what}: ${figure}`);
  }

  /** Prints the table, and returns the exit code. */
  conclude(): number {
    say(table([["what", "found", "promise"], ...this.#rows]));
    for (const each of this.#broken) say(`not as promised: ${each}`);
    return this.#broken.length === 0 ? 0 : 1;
  }
}

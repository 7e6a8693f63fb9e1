/**
 * What `import` says while it runs and when it has ended.
 *
 * @module
 */

import type { RefusalReason, Refusals, Tally } from "../original.ts";

/** How far an import is. */
export interface Progress {
  /** Rows of the source that were read. */
  readonly read: number;
  /** Rows that the source has. */
  readonly total: number;
}

/** What an import came to, beside its rows. */
export interface ImportEnd {
  /** Rows that the source has. */
  readonly total: number;
  /** Apps that had rows. */
  readonly apps: number;
  readonly registered: number;
  /** Apps that are judged from now on, or null if nobody asked for it. */
  readonly watched: number | null;
  /** Whether it was stopped before the end. */
  readonly isStopped: boolean;
}

/** How wide the bar is, in characters: with its figures it fits 80 columns. */
const BAR_WIDTH = 30;

/** One line with a bar, for a terminal. */
export function progressBar({ read, total }: Progress): string {
  const share = total === 0 ? 1 : Math.min(read / total, 1);
  const bar = "#".repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH, "-");
  return `[${bar}] ${Math.floor(share * 100)} %  ${counted(read)} of ${counted(total)} rows`;
}

/** One line, for a log. */
export function progressLine({ read, total }: Progress): string {
  return `${counted(read)} of ${counted(total)} rows read`;
}

/** The end, whole lines. */
export function importSummary(tally: Tally, end: ImportEnd): string {
  const { read, taken, known, refused } = tally;
  const { total, apps, registered, watched, isStopped } = end;
  const refusals = [...refused.values()].reduce((sum, { count }) => sum + count, 0);
  const rows: (readonly [string, number])[] = [
    ["rows read", read],
    ["taken", taken],
    ["already there", known],
    ["refused", refusals],
    ["apps", apps],
    ["registered", registered],
  ];
  if (watched !== null) rows.push(["judged from now", watched]);
  const width = Math.max(...rows.map(([, count]) => counted(count).length));
  return [
    isStopped
      ? `Stopped after ${counted(read)} of ${counted(total)} rows. Repeat it: nothing comes twice.`
      : "Imported.",
    ...rows.map(([name, count]) => `  ${name.padEnd(16)}${counted(count).padStart(width)}`),
    ...[...refused].flatMap(refusalLines),
  ].join("\n");
}

function refusalLines([reason, { count, examples }]: [RefusalReason, Refusals]): readonly string[] {
  const more = count - examples.length;
  return [
    `Refused, for ${reason}: ${counted(count)}`,
    ...examples.map((example) => `  ${example}`),
    ...(more > 0 ? [`  and ${counted(more)} more`] : []),
  ];
}

function counted(count: number): string {
  return count.toLocaleString("en-US");
}

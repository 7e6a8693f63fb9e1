/**
 * How things are, in one sentence: the worst first, and nothing as known that
 * is not.
 *
 * @module
 */

import type { Status } from "../app.ts";
import type { Speech } from "./speech.ts";

/** How many apps stand how. */
export type Counts = Readonly<Record<Status, number>>;

/** How a sentence about them looks. Where one is unknown, all together is not good. */
export type Tone = "bad" | "unsure" | "good" | "plain";

/** The tone that fits them. */
export function toneOf(counts: Counts): Tone {
  if (counts.down > 0) return "bad";
  if (counts.unknown > 0) return "unsure";
  return wellOf(counts) > 0 ? "good" : "plain";
}

/** Those that are known to be up; one that is late is not down yet. */
export function wellOf({ up, late }: Counts): number {
  return up + late;
}

/** How many there are. */
export function allOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/**
 * The sentence about apps of which there is one at least.
 *
 * @param said what is said where some are down, and where all that are judged are well.
 */
export function headlineText(
  counts: Counts,
  { words: { overview } }: Speech,
  said: { readonly down: string; readonly well: string },
): string {
  const { down, unknown, late } = counts;
  const well = wellOf(counts);
  if (down > 0) return unknown > 0 ? `${said.down}; ${overview.unknownToo(unknown)}` : said.down;
  if (unknown > 0) return overview.unknown(unknown, well);
  if (well === 0) return overview.unwatched;
  return late > 0 ? overview.late(said.well, { late, well }) : said.well;
}

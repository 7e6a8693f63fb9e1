/**
 * Proposals: the period and the grace that an app's own history suggests.
 *
 *  how many
 *   silences  ▁▇█▃▁        ▁       ▁                          ▁
 *             usual       ended by themselves                fall
 *            |-- period --|-- grace --|- slack -|
 *                                  margin
 *
 * The usual silence is one that 95 % are no longer than. What lasted up to the
 * {@linkcode slackOf} beyond it, and was over by itself, is no fall: the period
 * covers the usual silence, and period and grace together the longest such
 * one, with half of what it had beyond the period as a margin. What lasted
 * longer was a fall, and is to alarm, unless it came more often than once a
 * week: then it is how the app is, and counts as usual too.
 *
 * Where history was thinned a silence counts as long as it looks: nothing
 * shorter than `APART` is proposed there.
 *
 * @module
 */

import type { Defaults } from "./app.ts";
import type { Surroundings } from "./backtest.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND, WEEK } from "./clock.ts";
import type { Silences } from "./silences.ts";
import { firstEndingAfter, union } from "./spans.ts";

/** From so many silences on something can be said: of fewer the usual one may be the one fall. */
export const ENOUGH_SILENCES = 10;

/** How many silences, of a hundred, are no longer than the usual one. */
const USUAL_PERCENT = 95;

/** A heartbeat that is late by no more than this, of its period, is as good as in time. */
const JITTER = 0.05;

/** What a person would set, the shortest first. */
const SENSIBLE: readonly Duration[] = [
  ...[1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90].map((count) => count * SECOND),
  ...[2, 3, 4, 5, 10, 15, 20, 30, 45, 60, 90].map((count) => count * MINUTE),
  ...[2, 3, 4, 6, 8, 12, 18, 24, 36].map((count) => count * HOUR),
  ...[2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60].map((count) => count * DAY),
];

/** What the app's silences up to `now` suggest; null where they are too few to tell. */
export function propose(
  silences: Silences,
  surroundings: Surroundings,
  now: Instant,
): Defaults | null {
  const lengths = ownLengths(silences, surroundings);
  if (lengths.length < ENOUGH_SILENCES) return null;
  const weeks = Math.max((now - silences.since) / WEEK, 1);
  let usual = at(lengths, Math.floor(((lengths.length - 1) * USUAL_PERCENT) / 100));
  let falls = countBeyond(lengths, usual + slackOf(usual));
  while (falls > weeks) {
    // It grows by the slack at least, so a few steps lead from a second to a month.
    usual = at(lengths, lengths.length - falls);
    falls = countBeyond(lengths, usual + slackOf(usual));
  }
  const longest = at(lengths, lengths.length - falls - 1);
  const period = sensible(usual * (1 - JITTER));
  const margin = Math.max(longest - period, 0) * 1.5;
  const least = Math.max(10 * SECOND, Math.min(period / 4, 5 * MINUTE));
  return { period, grace: sensible(Math.max(margin, least)) };
}

/**
 * How much longer than usual a silence may be without being a fall: long
 * enough for a restart of what sends each second or minute, and less than one
 * heartbeat left out of what sends each hour or day.
 */
export function slackOf(usual: Duration): Duration {
  const restart = Math.min(Math.max(10 * usual, 2 * MINUTE), 10 * MINUTE);
  return Math.max(restart, usual / 2);
}

/** How long the silences were that are the app's own doing and were over by themselves, sorted. */
function ownLengths(silences: Silences, { gaps, quiet }: Surroundings): Float64Array {
  const foreign = union([...gaps, ...quiet]);
  const lengths = new Float64Array(silences.count);
  let count = 0;
  for (let index = 0; index < silences.count; index++) {
    if (!silences.endedByItself(index)) continue;
    if (foreign.length > 0) {
      const { from, to } = silences.at(index);
      const touched = foreign[firstEndingAfter(foreign, from)];
      if (touched !== undefined && touched.from < to) continue;
    }
    lengths[count++] = silences.lengthOf(index);
  }
  return lengths.subarray(0, count).sort();
}

/** How many of the sorted lengths are longer. */
function countBeyond(lengths: Float64Array, longest: Duration): number {
  let [low, high] = [0, lengths.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(lengths, middle) > longest) high = middle;
    else low = middle + 1;
  }
  return lengths.length - low;
}

function at(lengths: Float64Array, index: number): Duration {
  return lengths[index] ?? 0;
}

function sensible(duration: Duration): Duration {
  return SENSIBLE.find((each) => each >= duration) ?? Math.ceil(duration / DAY) * DAY;
}

/**
 * Backtests: which alarms an app's silences would have made with a period and
 * a grace.
 *
 *   success        due       deadline              success
 *      |--- period ---|--- grace ---|---- lasted -----|
 *                                 alarm
 *
 * Settings are taken as if they had been in force all the while, and so are
 * the maintenance windows there are now; of snoozes that are over nothing is
 * kept, so none is left out.
 *
 * @module
 */

import type { Defaults } from "./app.ts";
import { type Instant, MINUTE, type Span } from "./clock.ts";
import { type Gap, isBrief } from "./gap.ts";
import type { Silence, Silences } from "./silences.ts";
import { firstEndingAfter } from "./spans.ts";

/** What is to be known of the time beside the app's heartbeats. */
export interface Surroundings {
  /** When we were deaf, in order. */
  readonly gaps: readonly Gap[];
  /** When maintenance kept the app quiet: in order, and none touches another. */
  readonly quiet: readonly Span[];
}

/** An alarm that a silence would have made. */
export interface BacktestAlarm {
  /** The success that was the last. */
  readonly since: Instant;
  readonly at: Instant;
  /** When it was over; null while it lasts. */
  readonly endedAt: Instant | null;
}

/** What a period and a grace would have come to. */
export interface Verdict extends Defaults {
  /** How many. */
  readonly alarms: number;
  /** Of these, how many were back within a minute, and within ten. */
  readonly underMinute: number;
  readonly underTenMinutes: number;
  /** Silences of which thinned history does not tell whether they would have made one. */
  readonly uncertain: number;
  /** The latest {@linkcode ALARMS_LISTED}, the latest first. */
  readonly latest: readonly BacktestAlarm[];
}

/** How many alarms of a verdict are named. */
export const ALARMS_LISTED = 100;

/** Judges an app's silences by a period and a grace: some 10 ns each, as long as few alarm. */
export function judgeSilences(
  silences: Silences,
  { gaps, quiet }: Surroundings,
  { period, grace }: Defaults,
): Verdict {
  const alarms: BacktestAlarm[] = [];
  let [count, underMinute, underTenMinutes, uncertain] = [0, 0, 0, 0];
  for (let index = silences.count - 1; index >= 0; index--) {
    // Whatever moves a deadline puts it off.
    if (silences.lengthOf(index) < period + grace) continue;
    const silence = silences.at(index);
    const { from, to, end, surelyFrom } = silence;
    const deadlineAt = deadlineOf(silence, { period, grace }, gaps);
    if (deadlineAt > to) continue;
    const counted = surelyFrom === from
      ? deadlineAt
      : deadlineOf({ ...silence, from: surelyFrom }, { period, grace }, gaps);
    const at = toldAt(counted, quiet);
    if (counted > to) uncertain++;
    if (at > to) continue;
    count++;
    if (end === "success" && to - at < MINUTE) underMinute++;
    if (end === "success" && to - at < 10 * MINUTE) underTenMinutes++;
    if (alarms.length < ALARMS_LISTED) {
      alarms.push({ since: from, at, endedAt: end === "open" ? null : to });
    }
  }
  const counts = { alarms: count, underMinute, underTenMinutes, uncertain };
  return { period, grace, ...counts, latest: alarms };
}

/** When the silence counts: rule 8, as gap.ts draws it, for each gap that had an end before it was over. */
function deadlineOf(
  { from, to }: Pick<Silence, "from" | "to">,
  { period, grace }: Defaults,
  gaps: readonly Gap[],
): Instant {
  let deadlineAt = from + period + grace;
  let isExcused = false;
  for (let index = firstEndingAfter(gaps, from); index < gaps.length; index++) {
    const gap = gaps[index];
    if (gap === undefined || gap.from >= deadlineAt || gap.from >= to) break;
    const isTouched = from + period - grace <= gap.to;
    if (isExcused || (isTouched && isBrief(gap))) {
      deadlineAt += gap.to - gap.from;
    } else if (isTouched) {
      isExcused = true;
      deadlineAt = gap.to + period + grace;
    } else if (gap.cause === "clock") {
      deadlineAt += gap.to - gap.from;
    }
  }
  return deadlineAt;
}

/** When an alarm that is due is told: in maintenance, when that ends. */
function toldAt(at: Instant, quiet: readonly Span[]): Instant {
  const span = quiet[firstEndingAfter(quiet, at)];
  return span !== undefined && span.from <= at ? span.to : at;
}

/**
 * Local time: what clock and calendar show at a place, and when they do.
 *
 *  clocks forward:  01:59 03:00        02:30 is not shown: it begins at 03:00
 *  clocks back:     02:59 02:00 02:59  02:30 is shown twice: it begins at the first
 *
 * @module
 */

import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "./clock.ts";

/**
 * What clock and calendar show, as whole milliseconds: the instant at which
 * they would show the same in UTC.
 */
export type LocalTime = number;

/** The clock of one time zone. */
export interface ZoneClock {
  /** What it shows at an instant. */
  localTime(at: Instant): LocalTime;
  /** The first instant at which it shows `local`, or more where it leaves that out. */
  firstAt(local: LocalTime): Instant;
}

/** The most that a clock was ever set at once: Samoa left out a whole day in 2011. */
export const LARGEST_SHIFT: Duration = DAY;

/** Clocks kept at once: one takes 0.1 ms to make, and 40 KB to keep. */
const CLOCKS_LIMIT = 100;

const CLOCKS = new Map<string, ZoneClock | null>();

/** The clock of a time zone, or null if the zone is unknown to this machine. */
export function zoneClock(timeZone: string): ZoneClock | null {
  const known = CLOCKS.get(timeZone);
  if (known !== undefined) return known;
  if (CLOCKS.size >= CLOCKS_LIMIT) CLOCKS.clear();
  const clock = makeClock(timeZone);
  CLOCKS.set(timeZone, clock);
  return clock;
}

function makeClock(timeZone: string): ZoneClock | null {
  try {
    const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
    const offset = (at: Instant) => readOffset(format.format(at));
    return {
      localTime: (at) => at + offset(at),
      firstAt: (local) => firstAt(local, offset),
    };
  } catch (error) {
    // Intl has no other way to say that it does not know a zone.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The distance from UTC in text that ends like `GMT`, `GMT+05:30` or `GMT-04:56:02`. */
function readOffset(text: string): Duration {
  const [, sign, hours, minutes, seconds] = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  const distance = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds ?? 0) * SECOND;
  return sign === "-" ? -distance : distance;
}

/** Counts on no zone to set its clock twice within two days: until 2037 it is 35 days at least. */
function firstAt(local: LocalTime, offset: (at: Instant) => Duration): Instant {
  // No place is as far as a day from UTC: these are before the instant we look for, and after it.
  let earlier = local - DAY;
  let later = local + DAY;
  const before = offset(earlier);
  const after = offset(later);
  if (offset(local - before) === before) return local - before;
  if (offset(local - after) === after) return local - after;
  // Left out: the instant at which the clock is set, and those are whole seconds.
  while (later - earlier > SECOND) {
    const middle = earlier + Math.floor((later - earlier) / (2 * SECOND)) * SECOND;
    if (offset(middle) === before) earlier = middle;
    else later = middle;
  }
  return later;
}

/** Maintenance windows the slow way: minute by minute, as somebody with a clock on the wall would. */

import { DAY, type Instant, MINUTE } from "../../lib/clock.ts";
import { type Recurrence, WEEKDAYS } from "../../lib/maintenance.ts";

/** Longer than any clock was set at once, and than a day of any length. */
const BEFORE = 3 * DAY;

/** Where no zone that is asked for sets its clock within. */
const QUARTER = 15 * MINUTE;

type Local = Exclude<Recurrence, { readonly kind: "once" }>;

/** The end of the last window begun by `at`, if one holds `at`. */
export function coveredUntilByMinutes(
  recurrence: Local,
  length: number,
  at: Instant,
): Instant | null {
  const first = Math.floor((at - length - BEFORE) / QUARTER) * QUARTER;
  let highest = wallAt(recurrence.timeZone, first - QUARTER) + QUARTER - MINUTE;
  let until: Instant | null = null;
  for (let quarter = first; quarter <= at; quarter += QUARTER) {
    const wall = wallAt(recurrence.timeZone, quarter);
    for (let minute = 0; minute < QUARTER && quarter + minute <= at; minute += MINUTE) {
      // What is shown for the first time, and whatever the clock left out before it.
      for (; highest < wall + minute; highest += MINUTE) {
        const end = quarter + minute + length;
        if (isScheduled(recurrence, highest + MINUTE) && at < end) until = end;
      }
    }
  }
  return until;
}

function isScheduled(recurrence: Local, wall: number): boolean {
  if (wall % DAY !== recurrence.timeOfDay) return false;
  return recurrence.kind === "daily" ||
    WEEKDAYS[new Date(wall).getUTCDay()] === recurrence.weekday;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function wallAt(timeZone: string, at: Instant): number {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    const digits = { year: "numeric", month: "numeric", day: "numeric" } as const;
    const time = { hour: "numeric", minute: "numeric", hourCycle: "h23" } as const;
    format = new Intl.DateTimeFormat("en", { timeZone, ...digits, ...time });
    FORMATS.set(timeZone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute);
}

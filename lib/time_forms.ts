/**
 * The forms in which instants and times of day are given.
 *
 * @module
 */

import { type Duration, HOUR, type Instant, MINUTE } from "./clock.ts";
import type { Form } from "./forms.ts";
import { type Weekday, WEEKDAYS } from "./maintenance.ts";

/** A time of day on a day of the week. */
export interface WeeklyTime {
  readonly weekday: Weekday;
  /** Since midnight. */
  readonly timeOfDay: Duration;
}

/** An instant, with its distance from UTC (RFC 3339; the seconds can be left out). */
export const INSTANT: Form<Instant> = {
  expected: 'an instant like "2026-11-24T02:00:00Z" or "2026-11-24T05:00:00+03:00"',
  read: (text) => {
    const pattern =
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
    const shown = pattern.exec(text)?.[1];
    if (shown === undefined) return null;
    const minute = Date.parse(`${shown}Z`);
    const at = Date.parse(text);
    // The parser would make the 2nd of March of a 30th of February.
    const isReal = !Number.isNaN(minute) && new Date(minute).toISOString().startsWith(shown);
    return isReal && !Number.isNaN(at) ? at : null;
  },
};

/** A time of day, as the time since midnight. */
export const TIME_OF_DAY: Form<Duration> = {
  expected: 'a local time like "02:30", from "00:00" to "23:59"',
  read: (text) => {
    const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
    return hours === undefined ? null : Number(hours) * HOUR + Number(minutes) * MINUTE;
  },
};

/** A day of the week in three letters, and a time of day. */
export const WEEKLY_TIME: Form<WeeklyTime> = {
  expected: `a day and a local time like "sun 02:30", the day one of ${WEEKDAYS.join(", ")}`,
  read: (text) => {
    const [day = "", time = "", ...rest] = text.split(" ");
    const weekday = WEEKDAYS.find((each) => each === day.toLowerCase());
    const timeOfDay = TIME_OF_DAY.read(time);
    if (weekday === undefined || timeOfDay === null || rest.length > 0) return null;
    return { weekday, timeOfDay };
  },
};

/** Writes a time of day of whole minutes so that {@linkcode TIME_OF_DAY} reads it back. */
export function timeOfDayText(timeOfDay: Duration): string {
  const hours = Math.floor(timeOfDay / HOUR);
  const minutes = Math.floor(timeOfDay % HOUR / MINUTE);
  return [hours, minutes].map((each) => String(each).padStart(2, "0")).join(":");
}

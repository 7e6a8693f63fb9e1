/**
 * Instants as people read them: on the clock and calendar of one place.
 *
 * @module
 */

import type { Instant } from "./clock.ts";
import { type Language, LOCALES } from "./language.ts";

/** How instants are written, seen from one of them. */
export interface Calendar {
  /** The time; with its date where that is not today's, with its year where that is not this one. */
  instant(at: Instant): string;
  /** The date and the time to the second, whatever day it is: for what is looked at long after. */
  moment(at: Instant): string;
  /** The place whose clock it is, with its distance from UTC. */
  readonly zone: string;
}

/** The calendar of a place. Throws a `RangeError` for a time zone that does not exist. */
export function calendar(
  language: Language,
  timeZone: string,
  options: { readonly now: Instant; readonly hasSeconds?: boolean },
): Calendar {
  const locale = LOCALES[language];
  const minutes = { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const time = options.hasSeconds ? { ...minutes, second: "2-digit" } as const : minutes;
  const date = { ...time, day: "numeric", month: "short" } as const;
  const ofToday = new Intl.DateTimeFormat(locale, time);
  const ofThisYear = new Intl.DateTimeFormat(locale, date);
  const ofAnyYear = new Intl.DateTimeFormat(locale, { ...date, year: "numeric" });
  const day = new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short" });
  const year = new Intl.DateTimeFormat("en", { timeZone, year: "numeric" });
  const today = day.format(options.now);
  const thisYear = year.format(options.now);
  return {
    instant(at: Instant): string {
      if (day.format(at) === today) return ofToday.format(at);
      return (year.format(at) === thisYear ? ofThisYear : ofAnyYear).format(at);
    },
    moment: (at) => new Intl.DateTimeFormat(locale, { ...date, second: "2-digit" }).format(at),
    zone: timeZone === "UTC" ? timeZone : `${timeZone} (${offset(timeZone, options.now)})`,
  };
}

/** Like `GMT+3`. */
function offset(timeZone: string, now: Instant): string {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" });
  return format.formatToParts(now).find((part) => part.type === "timeZoneName")?.value ?? "";
}

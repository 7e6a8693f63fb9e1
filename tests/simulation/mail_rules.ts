/** When letters may go out, and when they must: rules 6 and 9, in numbers of their own. */

import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";

/** Waits after the first, second, … failed try in a row; then an hour. */
const RETRIES: readonly Duration[] = [
  15 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
];

/** The digest window. */
export const WINDOW: Duration = 3 * SECOND;

/** The mail interval. */
export const INTERVAL: Duration = MINUTE;

/** So many letters with an alarm come one by one, within that span. */
export const ALARMS_APART = 3;
export const ALARMS_SPAN: Duration = 10 * MINUTE;

/** How long an address must be refused before its debts may fail. */
export const REFUSED_FOR: Duration = 3 * DAY;

/** How long a caller waits for the one before to be greeted. */
export const TURN: Duration = 2 * SECOND;

/** How long a letter that is under way holds up news to the same address. */
export const HOLDS_UP: Duration = 2 * MINUTE;

/** How late a try may begin beyond what the rules say, in milliseconds: the time of a look. */
export const PUNCTUALITY: Duration = 100;

/** The wait after so many failed tries. */
export function retryWait(failures: number): Duration {
  return RETRIES[failures - 1] ?? HOUR;
}

/** The wait after a try that ended so. */
export function waitAfter(outcome: string, tries: number): Duration {
  return outcome === "rejected" || outcome === "refused" ? HOUR : retryWait(tries);
}

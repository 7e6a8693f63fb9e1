/**
 * Which alarms are owed, and which are false, by what was sent and when nobody
 * listened: reckoned from the rules, with none of the service's code.
 *
 * @module
 */

import type { Duration, Instant } from "../../lib/clock.ts";
import type { Attempt } from "../support/herd.ts";

/** A span in which nobody listened. */
export interface Deafness {
  readonly from: Instant;
  readonly to: Instant;
}

/** A silence for which an alarm is owed. */
export interface OwedAlarm {
  readonly appId: string;
  /** The flip lies between these. */
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** What it is reckoned by. */
export interface Terms {
  /** Period and grace together. */
  readonly patience: Duration;
  readonly deaf: readonly Deafness[];
  /** When the proof ended: whoever was silent then has been so up to here. */
  readonly endedAt: Instant;
}

/** How far what we saw may lie from what the program saw: two processes on one machine. */
const SLACK: Duration = 500;

/** The alarms that an app's silences earned for certain; what is not certain is not owed. */
export function owedAlarms(
  appId: string,
  attempts: readonly Attempt[],
  { patience, deaf, endedAt }: Terms,
): readonly OwedAlarm[] {
  const owed: OwedAlarm[] = [];
  for (const [index, { sentAt, answeredAt }] of attempts.entries()) {
    if (answeredAt === null) continue;
    // An attempt that was not answered may have been heard all the same.
    const brokenAt = attempts[index + 1]?.sentAt ?? endedAt;
    const notAfter = latestDeadline(answeredAt, patience, deaf) + SLACK;
    if (brokenAt > notAfter) owed.push({ appId, notBefore: sentAt + patience, notAfter });
  }
  return owed;
}

/** Whether the app was beating when an alarm said that it was silent, heard or not. */
export function isFalse(
  alarmAt: Instant,
  attempts: readonly Attempt[],
  { patience }: Terms,
): boolean {
  return attempts.some(({ sentAt, answeredAt }) =>
    (answeredAt ?? sentAt) + SLACK < alarmAt && sentAt + patience > alarmAt + SLACK
  );
}

/**
 * Rule 8 at its most lenient: the first gap that touches the span in which a
 * heartbeat was expected gives all of the patience anew, each further one its
 * own length. Which one is the first hangs on milliseconds, so the latest of
 * all that may be.
 */
function latestDeadline(heardAt: Instant, patience: Duration, deaf: readonly Deafness[]): Instant {
  const unmoved = heardAt + patience;
  const chains = deaf.map(({ from, to }, index) =>
    to < heardAt || from - SLACK >= unmoved ? unmoved : moved(to + patience, deaf.slice(index + 1))
  );
  return Math.max(unmoved, ...chains);
}

function moved(deadline: Instant, further: readonly Deafness[]): Instant {
  return further.reduce(
    (at, { from, to }) => from - SLACK < at ? at + to - from + SLACK : at,
    deadline,
  );
}

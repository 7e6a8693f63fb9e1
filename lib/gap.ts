/**
 * Gaps: spans in which we could not listen. A heartbeat sent in one is lost,
 * so silence that runs through it proves nothing.
 *
 *   heartbeat        due − grace   due     deadline
 *       |----------------|----------|----------|
 *       |                |       expected      |
 *  a    |     [gap]      |                     |        moves nothing
 *  b    |           [gap-+--]                  |        e + period + grace
 *  c    |                |             [gap----+--]     e + period + grace
 *  d    |                |                     |[gap]   moves nothing: it is down
 *
 * Moved once, the deadline counts from the end of that gap, and the app is
 * shown as unknown until it is heard or taken down. A further gap in the same
 * silence moves it by its own length only: an alarm is put off, but never for
 * good. A down app stays down. excuse.ts says the same as a function.
 *
 * While our loop stands still the kernel keeps what is sent, and we read it
 * afterwards, before anybody is judged: only a client that gave up is lost. So
 * a short such gap ({@linkcode isBrief}) moves the deadlines that it touches by
 * its own length, and leaves the full move to a later one.
 *
 * A clock set ahead looks like a machine that slept. It is a gap, and as it may
 * have been no time at all, the deadlines that it does not touch are carried
 * ahead with the clock: apps go on in their own time.
 *
 * @module
 */

import { type Duration, HOUR, type Instant, MINUTE, SECOND } from "./clock.ts";

/** A span in which heartbeats could not be taken. */
export interface Gap {
  readonly from: Instant;
  readonly to: Instant;
  readonly cause: GapCause;
}

/** Why we could not listen. */
export type GapCause =
  /** The program did not run. */
  | "off"
  /** Its event loop stood still. */
  | "stalled"
  /** The clock on the wall went ahead: it was set, or the machine slept. They look alike. */
  | "clock"
  /** Heartbeats could not be stored, and were answered 503. */
  | "unstored"
  /** Nobody could connect: the door was shut (door.ts), or more came in a stall than the kernel keeps. */
  | "unreachable";

/** How far the clock on the wall may stray from the steady one between two looks. */
const STEP_TOLERANCE: Duration = 2 * SECOND;

/** How late a look may come before the loop counts as having stood still. */
const LATENESS_TOLERANCE: Duration = 750;

/** How long our documentation has clients wait for an answer (`--max-time 10`). */
const CLIENT_PATIENCE: Duration = 10 * SECOND;

/** A gap up to here is not worth a letter. */
export const TOLD_BEYOND: Duration = MINUTE;

/** The shortest time between two letters about gaps to one address. */
export const GAP_LETTER_EVERY: Duration = HOUR;

/**
 * An alarm that gaps put off by more than this is told of at its old deadline,
 * as what it is: nobody knows. A nearer one comes soon enough.
 */
export const PUT_OFF_BEYOND: Duration = HOUR;

/** How often we look at the clocks, and how often we write down that we listened. */
export interface Cadence {
  readonly lookEvery: Duration;
  readonly markEvery: Duration;
}

/**
 * Looks are frequent, so that a loop that stood still for a second is found.
 * Marks cost a flush to disk each; what lies between the last one and a crash
 * counts as deaf.
 */
export const CADENCE: Cadence = { lookEvery: SECOND / 4, markEvery: 5 * SECOND };

/** Both clocks at one moment. */
export interface Reading {
  readonly now: Instant;
  readonly elapsed: Duration;
}

/** What two readings tell of the time between them. */
export interface Finding {
  /** How far the clock on the wall was set back; 0 if it was not. */
  readonly back: Duration;
  /** In the time of that clock as it is now; null if we listened all the while. */
  readonly gap: Gap | null;
}

/** Whether what was sent in the gap was kept for us, and who sent it still waited. */
export function isBrief({ from, to, cause }: Gap): boolean {
  return cause === "stalled" && to - from < CLIENT_PATIENCE;
}

/** Compares a reading with the one before. */
export function compare(before: Reading, after: Reading, { lookEvery }: Cadence): Finding {
  const passed = after.elapsed - before.elapsed;
  const ahead = after.now - before.now - passed;
  const back = ahead < -STEP_TOLERANCE ? -ahead : 0;
  const from = before.now - back;
  const to = after.now;
  if (ahead > STEP_TOLERANCE) return { back, gap: { from, to, cause: "clock" } };
  if (passed <= lookEvery + LATENESS_TOLERANCE) return { back, gap: null };
  return { back, gap: { from, to, cause: "stalled" } };
}

/**
 * Time: one unit, whole milliseconds, UTC.
 *
 * Nothing here reads the machine's clock. `main.ts` holds the one real
 * {@linkcode Clock}; tests move a fake one by hand.
 *
 * @module
 */

/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A span of time in whole milliseconds. */
export type Duration = number;

/** A stretch of time. It holds its start and not its end. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

export const SECOND: Duration = 1_000;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;
export const WEEK: Duration = 7 * DAY;

/**
 * As of when apps are seen. How they were at `judgedBy` is known from what was
 * heard; it is `now`, but while we cannot listen it is where that began.
 */
export interface Sight {
  readonly judgedBy: Instant;
  readonly now: Instant;
}

/** What the service asks of time: what it is, how it goes by, and to be woken. */
export interface Clock {
  /** The instant it is now, by the clock on the wall. */
  now(): Instant;

  /**
   * How long it is since some moment before the start. Goes on steadily, whatever
   * is done to the clock on the wall; may stand still while the machine sleeps.
   */
  elapsed(): Duration;

  /**
   * What {@linkcode elapsed} rounds, in milliseconds with their fractions: for
   * figures of what takes less than one. No rule hangs on it.
   */
  stopwatch(): number;

  /**
   * Calls `wake` once, at `at` or as soon after it as the machine manages; at
   * once, but never within this call, when `at` has passed. The wait is what lies
   * between now and `at`: a clock set meanwhile does not change it.
   *
   * A wake is a hint to look, never a proof that time has come: ask `now()`.
   */
  wakeAt(at: Instant, wake: () => void): Alarm;
}

/** A wake that has been asked for. */
export interface Alarm {
  /** Takes the wake back; without effect once it has come. */
  cancel(): void;
}

/** What `work` comes to, or null if that takes longer than `patience`. */
export async function within<T>(
  clock: Clock,
  patience: Duration,
  work: Promise<T>,
): Promise<T | null> {
  const over = Promise.withResolvers<null>();
  const alarm = clock.wakeAt(clock.now() + patience, () => over.resolve(null));
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    alarm.cancel();
  }
}

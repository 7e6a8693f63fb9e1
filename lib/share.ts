/**
 * Shares: how a span is divided among what an app was in it.
 *
 *  |    new    |   up   |unknown| up |down|  up  | paused |
 *              |<------------ judged ----------->|
 *              |<- known|       |known ->        |
 *
 * Uptime is the share of what is known. What is unknown is neither up nor down,
 * so it is a share of its own, of the time in which the app was judged; and what
 * was before its first heartbeat, in a pause or ignored counts for nothing.
 *
 * @module
 */

import type { Duration } from "./clock.ts";
import type { Piece } from "./timeline.ts";

/** How long an app was what; together they are the whole span. One that was late was up. */
export interface Shares {
  readonly up: Duration;
  readonly down: Duration;
  readonly unknown: Duration;
  /** New, paused or ignored. */
  readonly unjudged: Duration;
}

/** A share in hundredths of a percent, from 0 to {@linkcode WHOLE}. */
export type Hundredths = number;

/** All of it. */
export const WHOLE: Hundredths = 10_000;

/** What is said of a span. */
export interface Uptime {
  /** For how much of the known time the app was up; null where nothing is known. */
  readonly up: Hundredths | null;
  /** For how much of the judged time it is known how the app was. */
  readonly known: Hundredths;
}

/** Adds the pieces up. */
export function sharesOf(pieces: readonly Piece[]): Shares {
  let [up, down, unknown, unjudged] = [0, 0, 0, 0];
  for (const { from, to, standing } of pieces) {
    const length = to - from;
    switch (standing) {
      case "up":
        up += length;
        break;
      case "down":
        down += length;
        break;
      case "unknown":
        unknown += length;
        break;
      case "new":
      case "paused":
        unjudged += length;
        break;
    }
  }
  return { up, down, unknown, unjudged };
}

/** What is to be said of them; null where the app was not judged at all. */
export function uptime({ up, down, unknown }: Shares): Uptime | null {
  const known = up + down;
  if (known + unknown === 0) return null;
  return {
    up: known === 0 ? null : hundredths(up, known),
    known: hundredths(known, known + unknown),
  };
}

/**
 * The one way in which shares are rounded: down, but a part that is there is
 * not nothing. So 100 % is said only of all, 0 % only of nothing, and what is
 * left over ({@linkcode WHOLE} less this) is rounded up.
 */
export function hundredths(part: Duration, whole: Duration): Hundredths {
  if (part <= 0) return 0;
  return Math.max(Math.floor(part * WHOLE / whole), 1);
}

/**
 * Flips: an app changing sides, and whether people are told.
 *
 * @module
 */

import { type Duration, HOUR, type Instant } from "./clock.ts";

/** How an app stands, as stored. */
export type StateKind = "new" | "up" | "down" | "paused";

/** Why an app changed sides. */
export type FlipReason =
  /** Its deadline passed. */
  | "silence"
  /** It said so itself, by a `fail`. */
  | "fail"
  /** A `success` came. */
  | "heartbeat"
  /** It is no longer to be judged, by the settings. */
  | "ignored"
  /** An admin stopped judging it. */
  | "paused"
  /** An admin had it judged again. */
  | "resumed"
  /** An admin had it judged from its import on. */
  | "watched";

/** An app changing sides. */
export interface Flip {
  readonly appId: string;
  /** When it changed: for silence the deadline, however late a sweep noticed. */
  readonly at: Instant;
  readonly from: StateKind;
  readonly to: StateKind;
  readonly reason: FlipReason;
  /** The last heartbeat at that moment; for a heartbeat's own flip, that heartbeat. */
  readonly heartbeat: { readonly at: Instant; readonly message: string | null } | null;
}

/**
 * Whether people are told: the app was judged and changed sides. A first
 * heartbeat that finds an app well is no news, and neither is what an admin
 * did by hand.
 */
export function isNews(flip: Flip): boolean {
  return flip.to === "down" || (flip.from === "down" && flip.to === "up");
}

/** Flips of one app within this span make it flapping, if they are many. */
export const FLAPPING_SPAN: Duration = HOUR;

/** The shortest time between two letters about a flapping app. */
const FLAPPING_LETTER_EVERY: Duration = HOUR;

/**
 * From when on news of a flapping app is owed: at once what made it flapping,
 * the rest an hour after that, two hours, and so on.
 */
export function heldUntil(flappingSince: Instant, now: Instant): Instant {
  const letters = Math.ceil((now - flappingSince) / FLAPPING_LETTER_EVERY);
  return flappingSince + letters * FLAPPING_LETTER_EVERY;
}

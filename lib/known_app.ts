/**
 * What is stored of an app beside how it stands: what became of the news of
 * it, and what keeps that back.
 *
 * @module
 */

import type { App } from "./app.ts";
import type { Instant } from "./clock.ts";
import type { Mute } from "./mute.ts";
import type { RefusedHeartbeat } from "./refused.ts";

/** What an admin said of an app for now. */
export interface Attention {
  /** Until when no alarm of it is wanted; null, or in the past, where one is. */
  readonly snoozedUntil: Instant | null;
  /** When the incident that is open was acknowledged; null where none was. */
  readonly acknowledgedAt: Instant | null;
}

/** What is stored of an app that its explanation hangs on. */
export interface KnownApp {
  readonly app: App;
  /** When it last changed sides; null if it never has. */
  readonly flippedAt: Instant | null;
  readonly snoozedUntil: Instant | null;
  /** Since when its news is held back to a letter an hour; null while it is calm. */
  readonly flapping: Flapping | null;
  /** The fall it has not come back from; null also while no sweep has noticed it. */
  readonly incident: OpenIncident | null;
  /** The addresses that the mail server refuses now: since when, and its words. */
  readonly refusals: readonly Refusal[];
  /** The last heartbeat of it that we refused; null if there was none. */
  readonly refused: RefusedHeartbeat | null;
}

/** News of an app held back. */
export interface Flapping {
  readonly since: Instant;
  /** A flip from then on finds it calm again, unless others come before. */
  readonly calmFrom: Instant;
}

/** A fall, and what became of the news of it. */
export interface OpenIncident {
  readonly reason: "silence" | "fail";
  readonly acknowledgedAt: Instant | null;
  /** It fell in a snooze or maintenance: what that was, and when it ends. */
  readonly mute: Mute | null;
  readonly debts: readonly IncidentDebt[];
}

/** The news of a fall, owed to one address. */
export interface IncidentDebt {
  readonly address: string;
  readonly fate:
    /** In no message yet. */
    | { readonly state: "owed"; readonly from: Instant }
    /** In a message that is tried now, or again at `nextTryAt`. */
    | { readonly state: "trying"; readonly nextTryAt: Instant | null }
    | { readonly state: "sent"; readonly takenAt: Instant; readonly isReminded: boolean }
    | { readonly state: "suppressed"; readonly reason: string }
    | { readonly state: "failed"; readonly reason: string };
}

/** An address that the mail server refuses. */
export interface Refusal {
  readonly address: string;
  readonly since: Instant;
  /** The server's words. */
  readonly reply: string | null;
}

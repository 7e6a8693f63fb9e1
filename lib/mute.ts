/**
 * Mutes: what keeps an app quiet for a while, be it a snooze or maintenance.
 *
 *      snoozed          maintenance
 *   |-----------|--------------------|--------------|
 *   at       that ends:           quiet no more:
 *            looked at again      whoever is silent then is told of
 *
 * @module
 */

import type { App } from "./app.ts";
import type { Instant } from "./clock.ts";
import { concerns, coverAt, type MaintenanceWindow, mutedUntil } from "./maintenance.ts";

/** Why nobody is told of what befalls an app for now. */
export interface Mute {
  readonly reason: "snoozed" | "maintenance";
  readonly until: Instant;
}

/** When an app may be quiet, and by what. */
export interface Asked {
  readonly snoozedUntil: Instant | null;
  readonly windows: readonly MaintenanceWindow[];
  readonly at: Instant;
}

/** What keeps the app quiet at an instant: a snooze first. */
export function muteAt(app: App, { snoozedUntil, windows, at }: Asked): Mute | null {
  if (snoozedUntil !== null && at < snoozedUntil) return { reason: "snoozed", until: snoozedUntil };
  const concerned = windows.filter(({ scope }) => concerns(scope, app));
  if (concerned.length === 0) return null;
  const until = mutedUntil(app, coverAt(concerned, at));
  return until === null ? null : { reason: "maintenance", until };
}

/** Mutes that follow on one another, as far as they are looked along: daily ones can go on for ever. */
const CHAIN_LIMIT = 50;

/**
 * What keeps the app quiet from an instant on without a break: the first
 * reason, and the end of the last.
 */
export function wholeMute(app: App, asked: Asked): Mute | null {
  const first = muteAt(app, asked);
  let last = first;
  for (let left = CHAIN_LIMIT; last !== null && left > 0; left--) {
    const next = muteAt(app, { ...asked, at: last.until });
    if (next === null) break;
    last = next;
  }
  return first === null || last === null ? null : { reason: first.reason, until: last.until };
}

/**
 * What an app's page shows.
 *
 * @module
 */

import { type App, type Defaults, type Status, status } from "../app.ts";
import { DAY, type Duration, HOUR, type Instant, type Span } from "../clock.ts";
import type { Flip } from "../flip.ts";
import type { Heartbeat } from "../heartbeat.ts";
import type { HeartbeatCursor, Store } from "../store.ts";
import { type Shown, shownOf } from "./app_deeds.ts";
import { past, type Piece, ticks, timeline, uptime } from "../timeline.ts";

/** How far back a timeline can go. */
export const RANGES = { "1h": HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;

/** One of those. */
export type Range = keyof typeof RANGES;

/** How much of the past is looked at. */
const FLIPS_LIMIT = 1_000;

/** Incidents and heartbeats on the page. */
const INCIDENTS_SHOWN = 20;
const HEARTBEATS_SHOWN = 20;

/** Heartbeats are drawn one by one up to so many: more would be a blur. */
const TICKS_LIMIT = 150;

/** A fall, and how it ended. */
export interface IncidentView {
  readonly since: Instant;
  readonly reason: Flip["reason"];
  /** Null while it lasts. */
  readonly end: { readonly at: Instant; readonly reason: Flip["reason"] } | null;
}

/** An app as its page shows it. */
export interface AppView {
  readonly app: App;
  readonly status: Status;
  readonly range: Range;
  readonly span: Span;
  readonly pieces: readonly Piece[];
  readonly beats: readonly Instant[];
  readonly uptime: number | null;
  /** Newest first. */
  readonly incidents: readonly IncidentView[];
  readonly heartbeats: readonly Omit<Heartbeat, "appId">[];
  readonly next: HeartbeatCursor | null;
  /** What its buttons hang on. */
  readonly shown: Shown;
}

/** Reads it; null for an app that is unknown. */
export async function appView(
  store: Store,
  defaults: Defaults,
  { id, range, cursor }: {
    readonly id: string;
    readonly range: Range;
    readonly cursor: HeartbeatCursor | null;
  },
): Promise<AppView | null> {
  const now = store.judgedBy();
  const span = { from: now - RANGES[range], to: now };
  const [app, attention, history, heard, page, gaps] = await Promise.all([
    store.app(id),
    store.attention(id),
    store.flips(id, { limit: FLIPS_LIMIT, before: null }),
    store.heartbeats(id, { limit: TICKS_LIMIT, cursor: null }),
    store.heartbeats(id, { limit: HEARTBEATS_SHOWN, cursor }),
    store.gapsSince(span.from),
  ]);
  if (app === null || attention === null || history === null) return null;
  if (heard === null || page === null) return null;
  const known = past(app, { flips: history.flips, gaps, now });
  const pieces = timeline(known, span);
  return {
    app,
    status: status(app, now, defaults),
    range,
    span,
    pieces,
    beats: ticks(heard.heartbeats, { span, limit: TICKS_LIMIT }),
    uptime: uptime(pieces),
    incidents: incidents(known.flips).slice(0, INCIDENTS_SHOWN),
    heartbeats: page.heartbeats,
    next: page.next,
    shown: shownOf({ ...attention, app }, now),
  };
}

/** The falls among flips, newest first. */
function incidents(flips: readonly Flip[]): readonly IncidentView[] {
  const found: IncidentView[] = [];
  for (const [index, flip] of flips.entries()) {
    if (flip.to !== "down") continue;
    const end = flips[index - 1] ?? null;
    found.push({
      since: flip.at,
      reason: flip.reason,
      end: end === null ? null : { at: end.at, reason: end.reason },
    });
  }
  return found;
}

/** How long an incident has lasted. */
export function lengthOf({ since, end }: IncidentView, now: Instant): Duration {
  return (end?.at ?? now) - since;
}

/**
 * What the overview shows: how things are in one sentence, and the apps, worst
 * first, a page at a time.
 *
 * @module
 */

import { type App, type Defaults, expectation, type Status, status } from "../app.ts";
import { DAY, type Duration, type Instant, MINUTE, type Sight, type Span } from "../clock.ts";
import type { Doubts } from "../doubt.ts";
import type { MaintenanceWindow } from "../maintenance.ts";
import { type Mute, muteAt } from "../mute.ts";
import { sharesOf, type Uptime, uptime } from "../share.ts";
import type { AppPage, AppTally, Store } from "../store.ts";
import { latest, past, type Piece, ticks, timeline, UNTOLD } from "../timeline.ts";

/** Worst first. */
export const STATUSES = ["down", "late", "unknown", "new", "up", "paused", "ignored"] as const;

/** Apps on a page. */
const PAGE = 50;

/** How far the strip goes back. */
const STRIP: Duration = DAY;

/** How far a row's uptime goes back, and so what rows are made of. */
export const UPTIME: Duration = 30 * DAY;

/** Of apps that beat more often than this each heartbeat would be a blur. */
const TICKED_FROM: Duration = 30 * MINUTE;

/** How much of each app's past is looked at: more changes nothing that can be seen. */
const FLIPS_LIMIT = 1_000;
const TICKS_LIMIT = 60;

/** Which apps are asked for. */
export interface OverviewQuery {
  readonly text: string | null;
  readonly status: Status | null;
  readonly tag: string | null;
  readonly after: Place | null;
}

/** Where a page ended: behind this place, among the apps of this status. */
export interface Place {
  readonly status: Status;
  readonly after: string | null;
}

/** An app as a row. */
export interface Row {
  readonly app: App;
  readonly status: Status;
  readonly pieces: readonly Piece[];
  /** Heartbeats to be drawn, where they are few. */
  readonly beats: readonly Instant[];
  /** Null where it was not judged. */
  readonly uptime: Uptime | null;
}

/** What keeps an app's alarm, or its reminders, from the admins for now. */
export type Mark = Mute | { readonly reason: "acknowledged" };

/** An app as a row of the list, with what is to be known of it beside its status. */
export interface MarkedRow extends Row {
  readonly mark: Mark | null;
}

/** What the page shows. */
export interface OverviewView {
  /** Nothing of it is older than that. */
  readonly at: Instant;
  readonly query: OverviewQuery;
  readonly tally: AppTally;
  readonly span: Span;
  readonly rows: readonly MarkedRow[];
  readonly next: Place | null;
}

/** Reads it. */
export async function overview(
  store: Store,
  defaults: Defaults,
  query: OverviewQuery,
): Promise<OverviewView> {
  const sight = store.sight();
  const { judgedBy: now } = sight;
  const span = { from: sight.now - STRIP, to: sight.now };
  const [tally, { apps, next }, gaps, windows] = await Promise.all([
    store.tally(now),
    list(store, query, now),
    store.earlierGaps(sight.now - UPTIME),
    store.maintenance(now),
  ]);
  const doubts = await store.doubts(apps.map(({ id }) => id), sight.now - UPTIME);
  const facts = { store, defaults, sight, doubts, gaps, span, isTicked: true };
  const rows = await Promise.all(apps.map(async (app) => ({
    ...await rowOf(app, facts),
    mark: await markOf(app, { store, windows, now }),
  })));
  return { at: Math.min(now, tally.at), query, tally, span, rows, next };
}

/** The apps of a page, and where the next one begins. */
async function list(
  store: Store,
  { text, tag, after, ...query }: OverviewQuery,
  now: Instant,
): Promise<{ readonly apps: readonly App[]; readonly next: Place | null }> {
  const wanted = STATUSES.filter((each) => query.status === null || each === query.status);
  const first = after === null ? 0 : Math.max(wanted.indexOf(after.status as never), 0);
  const apps: App[] = [];
  for (const [index, status] of wanted.entries()) {
    if (index < first) continue;
    let from = index === first ? after?.after ?? null : null;
    do {
      const limit = PAGE - apps.length;
      if (limit === 0) return { apps, next: { status, after: from } };
      const page: AppPage = await store.apps({
        ...{ now, status, tag, text, limit },
        order: "precedence",
        after: from,
      });
      apps.push(...page.apps);
      from = page.next;
    } while (from !== null);
  }
  return { apps, next: null };
}

async function markOf(
  app: App,
  { store, windows, now }: {
    readonly store: Store;
    readonly windows: readonly MaintenanceWindow[];
    readonly now: Instant;
  },
): Promise<Mark | null> {
  if (app.isIgnored || app.state.kind === "paused") return null;
  const said = await store.attention(app.id);
  if (said === null) return null;
  const mute = muteAt(app, { snoozedUntil: said.snoozedUntil, windows, at: now });
  return mute ?? (said.acknowledgedAt === null ? null : { reason: "acknowledged" });
}

/** What rows are made of. */
interface RowFacts {
  readonly store: Store;
  readonly defaults: Defaults;
  readonly sight: Sight;
  /** See `Store.doubts()`. */
  readonly doubts: ReadonlyMap<string, Doubts>;
  /** See `Store.earlierGaps()`. */
  readonly gaps: readonly Span[];
  readonly span: Span;
  /** Whether heartbeats are to be drawn, where they are few. */
  readonly isTicked: boolean;
}

/** Of an app that was forgotten since it was listed nothing is known. */
const NO_FLIPS = { flips: [], next: null };

/** An app as a row. */
export async function rowOf(
  app: App,
  { store, defaults, sight, gaps, span, isTicked, ...facts }: RowFacts,
): Promise<Row> {
  const history = await store.flips(app.id, { limit: FLIPS_LIMIT, before: null }) ?? NO_FLIPS;
  const heard = isTicked && expectation(app, defaults).period >= TICKED_FROM
    ? await store.heartbeats(app.id, { limit: TICKS_LIMIT, cursor: null })
    : null;
  const doubts = facts.doubts.get(app.id) ?? UNTOLD;
  const known = past(app, { history, doubts, gaps, sight, defaults });
  // As far back as the uptime goes, of which the strip shows the latest.
  const pieces = timeline(known, { from: sight.now - UPTIME, to: sight.now });
  return {
    app,
    status: status(app, sight, defaults),
    pieces: latest(pieces, span.from),
    beats: ticks(heard?.heartbeats ?? [], { span, limit: TICKS_LIMIT }),
    uptime: uptime(sharesOf(pieces)),
  };
}

/**
 * What the public status page shows.
 *
 * @module
 */

import { type App, type Defaults, type Status, status } from "../app.ts";
import { DAY, type Duration, type Instant, type Span } from "../clock.ts";
import type { Store } from "../store.ts";
import type { Counts } from "./headline.ts";
import { type Row, rowOf, UPTIME } from "./overview_view.ts";

/** How far the strips go back. */
const STRIP: Duration = DAY;

/** Apps shown of a tag: who has more of them shows them in groups. */
const APPS_LIMIT = 200;

/** The apps of a tag. */
interface Group {
  readonly tag: string;
  readonly rows: readonly Row[];
  /** Whether it has more than these. */
  readonly isCut: boolean;
}

/** How the apps of all public tags are. */
export interface StatusView {
  /** As of when. */
  readonly at: Instant;
  readonly groups: readonly Group[];
  readonly span: Span;
  /** How many of the apps shown stand how, each counted once. */
  readonly counts: Counts;
}

/** Reads it. */
export async function statusView(
  store: Store,
  defaults: Defaults,
  tags: readonly string[],
): Promise<StatusView> {
  const sight = store.sight();
  const span = { from: sight.now - STRIP, to: sight.now };
  const gaps = await store.earlierGaps(sight.now - UPTIME);
  const groups: Group[] = [];
  const statuses = new Map<string, Status>();
  for (const tag of tags) {
    const { apps, isCut } = await tagged(store, tag, sight.judgedBy);
    for (const app of apps) statuses.set(app.id, status(app, sight, defaults));
    const doubts = await store.doubts(apps.map(({ id }) => id), sight.now - UPTIME);
    const facts = { store, defaults, sight, doubts, gaps, span, isTicked: false };
    groups.push({ tag, isCut, rows: await Promise.all(apps.map((app) => rowOf(app, facts))) });
  }
  const counts = { new: 0, up: 0, late: 0, down: 0, paused: 0, unknown: 0, ignored: 0 };
  for (const each of statuses.values()) counts[each]++;
  return { at: sight.now, groups, span, counts };
}

/** A page of a list may be short, and yet have a next. */
async function tagged(
  store: Store,
  tag: string,
  now: Instant,
): Promise<{ readonly apps: readonly App[]; readonly isCut: boolean }> {
  const found: App[] = [];
  for (let after: string | null = null;;) {
    const limit = APPS_LIMIT - found.length;
    const { apps, next } = await store.apps({
      ...{ now, status: null, tag, text: null, limit },
      order: "id",
      after,
    });
    // A search takes a tag however it is written: nobody is to see what was not named.
    found.push(...apps.filter(({ tags }) => tags.includes(tag)));
    if (next === null) return { apps: found, isCut: false };
    if (found.length >= APPS_LIMIT) return { apps: found, isCut: true };
    after = next;
  }
}

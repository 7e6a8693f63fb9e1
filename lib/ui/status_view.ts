/**
 * What the public status page shows.
 *
 * @module
 */

import { type App, type Defaults, type Status, status } from "../app.ts";
import { DAY, type Duration, type Instant, type Span } from "../clock.ts";
import type { Store } from "../store.ts";
import { type Row, rowOf, UPTIME } from "./overview_view.ts";

/** How far the strips go back. */
const STRIP: Duration = DAY;

/** Apps shown of a tag: who has more of them shows them in groups. */
const APPS_LIMIT = 200;

/** The apps of a tag. */
interface Group {
  readonly tag: string;
  readonly rows: readonly Row[];
}

/** How the apps of all public tags are. */
export interface StatusView {
  /** As of when. */
  readonly at: Instant;
  readonly groups: readonly Group[];
  readonly span: Span;
  /** How many apps there are, each once, and how many of them are down. */
  readonly all: number;
  readonly down: number;
}

/** Reads it. */
export async function statusView(
  store: Store,
  defaults: Defaults,
  tags: readonly string[],
): Promise<StatusView> {
  const now = store.judgedBy();
  const span = { from: now - STRIP, to: now };
  const gaps = await store.gapsSince(now - UPTIME);
  const groups: Group[] = [];
  const statuses = new Map<string, Status>();
  for (const tag of tags) {
    const apps = await tagged(store, tag, now);
    for (const app of apps) statuses.set(app.id, status(app, now, defaults));
    const facts = { store, defaults, now, gaps, span, isTicked: false };
    groups.push({ tag, rows: await Promise.all(apps.map((app) => rowOf(app, facts))) });
  }
  const down = [...statuses.values()].filter((each) => each === "down").length;
  return { at: now, groups, span, all: statuses.size, down };
}

/** A page of a list may be short, and yet have a next. */
async function tagged(store: Store, tag: string, now: number): Promise<readonly App[]> {
  const found: App[] = [];
  for (let after: string | null = null;;) {
    const limit = APPS_LIMIT - found.length;
    const { apps, next } = await store.apps({ now, status: null, tag, text: null, after, limit });
    // A search takes a tag however it is written: nobody is to see what was not named.
    found.push(...apps.filter(({ tags }) => tags.includes(tag)));
    if (next === null || found.length >= APPS_LIMIT) return found;
    after = next;
  }
}

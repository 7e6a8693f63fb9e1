/**
 * A backtest, run on what is stored: read and judged piece by piece, so that
 * nobody waits long behind it.
 *
 * @module
 */

import { type App, type Defaults, expectation } from "./app.ts";
import { judgeSilences, type Surroundings, type Verdict } from "./backtest.ts";
import { DAY, type Duration, type Instant, type Span } from "./clock.ts";
import type { Flip } from "./flip.ts";
import { served } from "./loop.ts";
import { concerns, occurrences } from "./maintenance.ts";
import { propose } from "./proposal.ts";
import { SilenceFinder, unjudged } from "./silence_finder.ts";
import { Silences } from "./silences.ts";
import { union } from "./spans.ts";
import type { BeatCursor, Store } from "./store.ts";

/** How far back a backtest looks. */
export const BACKTEST_SPAN: Duration = 30 * DAY;

/** Flips read at once, and all in all: more than one a minute for 30 days. */
const FLIPS_STEP = 1_000;
const FLIPS_LIMIT = 100_000;

/** What an app's history tells of two ways to set it, and of a third. */
export interface Backtest extends Span {
  /** How many silences were judged. */
  readonly silences: number;
  /** Up to when history was thinned, so that nothing shorter than `APART` is seen; null if it was not. */
  readonly thinnedUntil: Instant | null;
  /** With the settings there are. */
  readonly current: Verdict;
  /** With those that were asked for. */
  readonly asked: Verdict;
  /** With those that history suggests; null where it is too short to tell. */
  readonly proposal: Verdict | null;
}

/** Runs a backtest with other settings; null if the app is unknown. */
export async function backtest(
  store: Store,
  id: string,
  options: { readonly asked: Partial<Defaults>; readonly defaults: Defaults },
): Promise<Backtest | null> {
  const app = await store.app(id);
  if (app === null) return null;
  const now = store.judgedBy();
  const span = { from: now - BACKTEST_SPAN, to: now };
  const silences = await silencesOf(store, app, span);
  if (silences === null) return null;
  const surroundings = await surroundingsOf(store, app, span);

  const current = expectation(app, options.defaults);
  const judge = async (settings: Defaults): Promise<Verdict> => {
    await served();
    return judgeSilences(silences, surroundings, settings);
  };
  await served();
  const proposed = propose(silences, surroundings, now);
  return {
    from: silences.since,
    to: now,
    silences: silences.count,
    thinnedUntil: silences.thinnedUntil,
    current: await judge(current),
    asked: await judge({ ...current, ...options.asked }),
    proposal: proposed === null ? null : await judge(proposed),
  };
}

async function silencesOf(store: Store, app: App, { from, to }: Span): Promise<Silences | null> {
  const silences = new Silences(from);
  const finder = new SilenceFinder(silences, unjudged(app, await flipsOf(store, app, from)));
  let cursor: BeatCursor | null = null;
  do {
    const page = await store.beats(app.id, { from, cursor });
    if (page === null) return null;
    for (const beat of page.beats) finder.add(beat);
    cursor = page.next;
    await served();
  } while (cursor !== null);
  finder.finish(to);
  return silences;
}

/** The flips from an instant on and the one before, in order. */
async function flipsOf(store: Store, app: App, from: Instant): Promise<readonly Flip[]> {
  const flips: Flip[] = [];
  let before: number | null = null;
  do {
    const page = await store.flips(app.id, { limit: FLIPS_STEP, before });
    if (page === null) break;
    for (const flip of page.flips) {
      flips.push(flip);
      if (flip.at < from) return flips.reverse();
    }
    before = page.next;
    if (before !== null) await served();
  } while (before !== null && flips.length < FLIPS_LIMIT);
  return flips.reverse();
}

async function surroundingsOf(store: Store, app: App, span: Span): Promise<Surroundings> {
  const gaps = await store.gapsSince(span.from);
  const quiet: Span[] = [];
  for (const window of await store.maintenance(span.from)) {
    if (!concerns(window.scope, app)) continue;
    quiet.push(...occurrences(window, span));
    await served();
  }
  return { gaps, quiet: union(quiet) };
}

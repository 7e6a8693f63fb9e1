/**
 * How many apps stand how: the table is walked along a step at a time, with
 * heartbeats taken between the steps, for no index knows who is late.
 *
 *  table    |--step--|--step--|--step--|   without those of the journal
 *  journal  |--------|                     counted first, as they are known
 *
 * @module
 */

import { type App, type Defaults, silence, type Status, status } from "../app.ts";
import type { Instant, Sight } from "../clock.ts";
import type { AppTally } from "../store.ts";
import { type Database, integer } from "./database.ts";
import type { KnownApps } from "./known_apps.ts";

/**
 * How many apps are counted in one step: some 4 ms. A million take 0.4 s of the
 * processor in all.
 */
export const HEADCOUNT_STEP = 10_000;

/** Where a step that begins behind `:after` ends; none for the last one. */
const SELECT_STEP_END = `
  SELECT id
  FROM apps
  WHERE id > :after
  ORDER BY id
  LIMIT 1 OFFSET :most
`;

/** A step, without those that wait in the journal: the table does not know that they were heard. */
const IN_STEP = `
  id > :after AND id <= :last AND id NOT IN (SELECT value FROM json_each(:waiting))
`;

/**
 * Nearly all, unless a gap goes on, which may have touched any: then each is looked at more closely.
 * Null for an app that is not up, which is then none of them.
 */
const IS_PLAINLY_UP = `
  success_at + COALESCE(period_ms, :period) > :now AND deadline_at > :now AND excused_at IS NULL
    AND :until = :now
`;

const COUNT_ALL = `
  SELECT COUNT(*) AS apps
  FROM apps
  WHERE ${IN_STEP}
`;

/**
 * As status() of the core has it, for more rows than a program should read. Those
 * that are up are what is left of all: to group them would take twice as long.
 */
const COUNT_OTHERS = `
  SELECT status, COUNT(*) AS apps, MIN(since) AS since
  FROM (
    SELECT
      CASE
        WHEN is_ignored = 1 THEN 'ignored'
        WHEN state <> 'up' THEN state
        WHEN deadline_at <= :now THEN 'down'
        WHEN unknown_from IS NOT NULL THEN 'unknown'
        WHEN :until > :now AND :until
          >= success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) THEN 'unknown'
        WHEN :until >= success_at + COALESCE(period_ms, :period) THEN 'late'
        ELSE 'up'
      END AS status,
      COALESCE(down_since, deadline_at) AS since
    FROM apps
    WHERE ${IN_STEP} AND (${IS_PLAINLY_UP}) IS NOT TRUE
  )
  GROUP BY status
`;

/** What is counted. */
export interface HeadcountParts {
  readonly db: Database;
  readonly known: KnownApps;
  readonly defaults: Defaults;
}

/** Counts all apps as they are seen; no transaction is under way when it is asked. */
export class Headcount {
  readonly #parts: HeadcountParts;
  readonly #sight: Sight;
  readonly #apps: Record<Status, number> = {
    new: 0,
    up: 0,
    late: 0,
    down: 0,
    paused: 0,
    unknown: 0,
    ignored: 0,
  };
  #downSince: Instant | null = null;
  /** The rows of those that wait, in rising order, and how many of them the walk has passed. */
  readonly #waiting: Float64Array;
  #passed = 0;
  #after = 0;

  constructor(parts: HeadcountParts, sight: Sight) {
    this.#parts = parts;
    this.#sight = sight;
    this.#waiting = Float64Array.from(this.#countWaiting()).sort();
  }

  /** Counts some more; returns whether there may be others. */
  step(): boolean {
    const { db, defaults } = this.#parts;
    const { judgedBy: now, now: until } = this.#sight;
    const after = this.#after;
    const end = integer(db.get(SELECT_STEP_END, { after, most: HEADCOUNT_STEP - 1 })?.id);
    const last = end ?? Number.MAX_SAFE_INTEGER;
    const waiting = JSON.stringify(this.#waitingUpTo(last));
    let up = Number(db.get(COUNT_ALL, { after, last, waiting })?.apps);
    for (const row of db.all(COUNT_OTHERS, { after, last, waiting, now, until, ...defaults })) {
      const apps = Number(row.apps);
      up -= apps;
      this.#add(row.status as Status, { apps, since: integer(row.since) });
    }
    this.#add("up", { apps: up, since: null });
    this.#after = last;
    return end !== null;
  }

  /** What was counted. */
  get tally(): AppTally {
    return { at: this.#sight.judgedBy, apps: this.#apps, downSince: this.#downSince };
  }

  /** Counts those whose last heartbeats are in the journal, and returns their rows. */
  #countWaiting(): readonly number[] {
    const { known, defaults } = this.#parts;
    const rows: number[] = [];
    for (const appId of known.waiting()) {
      const stored = known.get(appId);
      if (stored === undefined) continue;
      rows.push(stored.id);
      const since = downSince(stored.app, this.#sight.judgedBy);
      this.#add(status(stored.app, this.#sight, defaults), { apps: 1, since });
    }
    return rows;
  }

  #waitingUpTo(last: number): readonly number[] {
    const first = this.#passed;
    const waiting = this.#waiting;
    while (this.#passed < waiting.length && (waiting[this.#passed] as number) <= last) {
      this.#passed++;
    }
    return Array.from(waiting.subarray(first, this.#passed));
  }

  #add(
    status: Status,
    { apps, since }: { readonly apps: number; readonly since: Instant | null },
  ): void {
    this.#apps[status] += apps;
    if (status === "down" && since !== null) {
      this.#downSince = Math.min(since, this.#downSince ?? since);
    }
  }
}

function downSince(app: App, now: Instant): Instant | null {
  return app.state.kind === "down" ? app.state.since : silence(app, now)?.at ?? null;
}

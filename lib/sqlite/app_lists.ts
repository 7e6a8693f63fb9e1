/**
 * Lists of apps, a page at a time, in a bounded time however many there are.
 *
 * @module
 */

import { type App, type Defaults, status } from "../app.ts";
import type { StateKind } from "../flip.ts";
import type { AppPage, AppQuery } from "../store.ts";
import { APP_COLUMNS, storedApp } from "./app_row.ts";
import { findApps, type Wanted, wantedBy } from "./app_search.ts";
import type { Database, Parameters, Row } from "./database.ts";
import type { KnownApps } from "./known_apps.ts";

/** How many apps a page looks for matches among, at most: some 10 ms (tests/bench/). */
export const LOOK_LIMIT = 12_000;

/** How many that may match are read to be looked at more closely, at most: some 10 ms. */
const READ_LIMIT = 1_500;

/** Among how many apps is searched at a time: where much is found, little has to be looked at. */
const SEARCH_STEP = 1_000;

/** How many of those that a search has found are asked for at a time. */
const FOUND_STEP = 100;

/** To look at one that was found, and is not of the status, costs a quarter of reading one. */
const LOOK_COST = 0.25;

/** Where a page that begins behind `:after` ends at the latest. */
const SELECT_END = `
  SELECT app_id
  FROM apps
  WHERE app_id > :after
  ORDER BY app_id
  LIMIT 1 OFFSET :most
`;

/** The same, of apps in a state other than up. Index: apps_by_state. */
const SELECT_END_IN_STATE = `
  SELECT app_id
  FROM apps
  WHERE state = :state AND state <> 'up' AND app_id > :after
  ORDER BY app_id
  LIMIT 1 OFFSET :most
`;

/**
 * What may match; none that does is left out. Only the core tells the status,
 * and the table does not know yet what is in the journal: that an app was heard.
 */
const MAY_MATCH = `
  CASE :status
    WHEN 'ignored' THEN is_ignored = 1
    WHEN 'down' THEN state = 'down' OR deadline_at <= :now
    WHEN 'unknown' THEN excused_at IS NOT NULL
    WHEN 'late' THEN success_at + COALESCE(period_ms, :period) <= :now
    ELSE :status IS NULL OR state = :status
  END
`;

const SELECT = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE app_id > :after AND app_id <= :end AND ${MAY_MATCH}
  ORDER BY app_id
  LIMIT :limit
`;

/** Index: apps_by_state. */
const SELECT_IN_STATE = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE state = :state AND state <> 'up' AND app_id > :after AND app_id <= :end
    AND ${MAY_MATCH}
  ORDER BY app_id
  LIMIT :limit
`;

/** The same, of apps that a search has found. */
const SELECT_FOUND = `
  SELECT ${APP_COLUMNS}
  FROM apps
  WHERE app_id IN (SELECT value FROM json_each(:ids)) AND ${MAY_MATCH}
  ORDER BY app_id
`;

/** Behind every `app_id`. */
const BEYOND = "~";

/** Whether a deadline has passed that no sweep has seen yet. Index: apps_by_deadline. */
const SELECT_OVERDUE = `
  SELECT id
  FROM apps
  WHERE deadline_at <= :now
  LIMIT 1
`;

/** What lists are read from. */
interface Parts {
  readonly db: Database;
  readonly known: KnownApps;
  readonly defaults: Defaults;
}

/** Apps that may match, some at a time, in order. */
interface Step {
  readonly apps: readonly App[];
  /** Those up to this one have been looked at. */
  readonly after: string;
  /** What that cost, in apps that were read. */
  readonly cost: number;
}

/** Among which apps a page looks. */
interface Range {
  readonly state: StateKind | null;
  readonly after: string;
  readonly end: string;
}

/** Reads lists of apps. */
export class AppLists {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** See `Store.apps()`. */
  page(query: AppQuery): AppPage {
    const { defaults } = this.#parts;
    const { now, limit } = query;
    const [state, after] = [this.#stateOf(query), query.after ?? ""];
    const end = this.#endOf(state, after, LOOK_LIMIT);

    const apps: App[] = [];
    let cost = 0;
    for (const step of this.#steps(query, { state, after, end: end ?? BEYOND })) {
      const isWanted = (app: App) => status(app, now, defaults) === query.status;
      apps.push(...(query.status === null ? step.apps : step.apps.filter(isWanted)));
      cost += step.cost;
      // One more than asked for tells that there is a next page.
      const last = apps.length > limit ? apps[limit - 1] : undefined;
      if (last !== undefined) return { apps: apps.slice(0, limit), next: last.id };
      if (cost > limit + READ_LIMIT) return { apps, next: step.after };
    }
    return { apps, next: end };
  }

  #steps(query: AppQuery, range: Range): Generator<Step> {
    const wanted = {
      now: query.now,
      status: query.status,
      period: this.#parts.defaults.period,
    };
    const looked = wantedBy(query);
    return looked === null
      ? this.#walk(range, { ...wanted, limit: query.limit + 1 })
      : this.#search(range, looked, wanted);
  }

  /** Where so many apps end that begin behind `after`; null where there are fewer. */
  #endOf(state: StateKind | null, after: string, apps: number): string | null {
    const { db } = this.#parts;
    const look = { after, most: apps - 1 };
    const row = state === null
      ? db.get(SELECT_END, look)
      : db.get(SELECT_END_IN_STATE, { ...look, state });
    return row === null ? null : String(row.app_id);
  }

  /** All of a range. */
  *#walk(
    { state, ...range }: Range,
    wanted: Parameters & { readonly limit: number },
  ): Generator<Step> {
    const { db } = this.#parts;
    for (let { after } = range;;) {
      const within = { ...wanted, ...range, after };
      const rows = state === null
        ? db.all(SELECT, within)
        : db.all(SELECT_IN_STATE, { ...within, state });
      const apps = rows.map((row) => this.#app(row));
      after = apps.at(-1)?.id ?? after;
      yield { apps, after, cost: rows.length };
      if (rows.length < wanted.limit) return;
    }
  }

  /** Those of a range that a search finds. */
  *#search({ state, ...range }: Range, looked: Wanted, wanted: Parameters): Generator<Step> {
    const { db } = this.#parts;
    for (let { after } = range; after < range.end;) {
      const step = this.#endOf(state, after, SEARCH_STEP) ?? range.end;
      // Ids are of ASCII alone, which is ordered alike here and there.
      const end = step < range.end ? step : range.end;
      const found = findApps(db, { state, after, end }, looked);
      for (let from = 0; from < found.length; from += FOUND_STEP) {
        const some = found.slice(from, from + FOUND_STEP);
        const rows = db.all(SELECT_FOUND, { ...wanted, ids: JSON.stringify(some) });
        const apps = rows.map((row) => this.#app(row));
        yield { apps, after: some.at(-1) ?? end, cost: rows.length + some.length * LOOK_COST };
      }
      after = end;
    }
  }

  /** The app of a row, as it is known: its last heartbeats may be in the journal. */
  #app(row: Row): App {
    return (this.#parts.known.get(String(row.app_id)) ?? storedApp(row)).app;
  }

  /** The state by which all wanted apps are found; null for any. */
  #stateOf({ status, now }: AppQuery): StateKind | null {
    if (status === "new" || status === "paused") return status;
    const isSwept = status === "down" && this.#parts.db.get(SELECT_OVERDUE, { now }) === null;
    return isSwept ? status : null;
  }
}

/**
 * Lists of apps, a page at a time, in a bounded time however many there are.
 *
 * @module
 */

import { type App, type Defaults, status } from "../app.ts";
import type { Sight } from "../clock.ts";
import type { StateKind } from "../flip.ts";
import type { AppOrder, AppPage, AppQuery } from "../store.ts";
import { APP_COLUMNS, storedApp } from "./app_row.ts";
import { findApps, type Place, PLACES, type Wanted, wantedBy } from "./app_search.ts";
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

/**
 * What may match; none that does is left out. Only the core tells the status,
 * and the table does not know yet what is in the journal: that an app was heard.
 */
const MAY_MATCH = `
  CASE :status
    WHEN 'ignored' THEN is_ignored = 1
    WHEN 'down' THEN state = 'down' OR deadline_at <= :now
    WHEN 'unknown' THEN unknown_from IS NOT NULL OR (
      :until > :now
      AND success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :until
    )
    WHEN 'late' THEN success_at + COALESCE(period_ms, :period) <= :until
    ELSE :status IS NULL OR state = :status
  END
`;

/** What lists are read by. */
export interface Statements {
  /** Where a page that begins behind `:after` ends at the latest. */
  readonly end: string;
  /** The same, of apps in a state other than up. */
  readonly endInState: string;
  readonly page: string;
  readonly pageInState: string;
  /** The same, of apps that a search has found. */
  readonly found: string;
}

/** The statements of each order. Indexes: that of app_id, apps_by_state; apps_by_precedence, apps_in_state. */
export const STATEMENTS: Readonly<Record<AppOrder, Statements>> = {
  id: statements(PLACES.id),
  precedence: statements(PLACES.precedence),
};

function statements(place: string): Statements {
  const range = `${place} > :after AND ${place} <= :end AND ${MAY_MATCH} ORDER BY ${place}`;
  const inState = "state = :state AND state <> 'up'";
  const select = `SELECT ${APP_COLUMNS}, ${place} AS place FROM apps`;
  const end = `ORDER BY ${place} LIMIT 1 OFFSET :most`;
  return {
    end: `SELECT ${place} AS place FROM apps WHERE ${place} > :after ${end}`,
    endInState: `SELECT ${place} AS place FROM apps WHERE ${inState} AND ${place} > :after ${end}`,
    page: `${select} WHERE ${range} LIMIT :limit`,
    pageInState: `${select} WHERE ${inState} AND ${range} LIMIT :limit`,
    found: `
      ${select}
      WHERE app_id IN (SELECT value FROM json_each(:ids)) AND ${MAY_MATCH}
      ORDER BY ${place}
    `,
  };
}

/** Before and behind every place. */
const FIRST: Readonly<Record<AppOrder, Place>> = { id: "", precedence: 0 };
const BEYOND: Readonly<Record<AppOrder, Place>> = { id: "~", precedence: Number.MAX_SAFE_INTEGER };

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

/** An app, and where it stands in the list. */
interface Listed {
  readonly app: App;
  readonly place: Place;
}

/** Apps that may match, some at a time, in order. */
interface Step {
  readonly apps: readonly Listed[];
  /** Those up to this place have been looked at. */
  readonly after: Place;
  /** What that cost, in apps that were read. */
  readonly cost: number;
}

/** Among which apps a page looks. */
interface Range {
  readonly order: AppOrder;
  readonly state: StateKind | null;
  readonly after: Place;
  readonly end: Place;
}

/** Reads lists of apps. */
export class AppLists {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** See `Store.apps()`. */
  page(query: AppQuery, sight: Sight): AppPage {
    const { defaults } = this.#parts;
    const { limit, order } = query;
    const state = this.#stateOf(query);
    const after = placeOf(query);
    const end = this.#endOf({ order, state, after }, LOOK_LIMIT);

    const found: Listed[] = [];
    let cost = 0;
    for (
      const step of this.#steps(query, sight, { order, state, after, end: end ?? BEYOND[order] })
    ) {
      const isWanted = ({ app }: Listed) => status(app, sight, defaults) === query.status;
      found.push(...(query.status === null ? step.apps : step.apps.filter(isWanted)));
      cost += step.cost;
      // One more than asked for tells that there is a next page.
      const last = found.length > limit ? found[limit - 1] : undefined;
      if (last !== undefined) return pageOf(found.slice(0, limit), last.place);
      if (cost > limit + READ_LIMIT) return pageOf(found, step.after);
    }
    return pageOf(found, end);
  }

  #steps(query: AppQuery, { judgedBy, now: until }: Sight, range: Range): Generator<Step> {
    const wanted = {
      now: judgedBy,
      until,
      status: query.status,
      ...this.#parts.defaults,
    };
    const looked = wantedBy(query);
    return looked === null
      ? this.#walk(range, { ...wanted, limit: query.limit + 1 })
      : this.#search(range, looked, wanted);
  }

  /** Where so many apps end that begin behind `after`; null where there are fewer. */
  #endOf({ order, state, after }: Omit<Range, "end">, apps: number): Place | null {
    const { db } = this.#parts;
    const look = { after, most: apps - 1 };
    const row = state === null
      ? db.get(STATEMENTS[order].end, look)
      : db.get(STATEMENTS[order].endInState, { ...look, state });
    return row === null ? null : row.place as Place;
  }

  /** All of a range. */
  *#walk(
    { order, state, ...range }: Range,
    wanted: Parameters & { readonly limit: number },
  ): Generator<Step> {
    const { db } = this.#parts;
    for (let { after } = range;;) {
      const within = { ...wanted, ...range, after };
      const rows = state === null
        ? db.all(STATEMENTS[order].page, within)
        : db.all(STATEMENTS[order].pageInState, { ...within, state });
      const apps = rows.map((row) => this.#listed(row));
      after = apps.at(-1)?.place ?? after;
      yield { apps, after, cost: rows.length };
      if (rows.length < wanted.limit) return;
    }
  }

  /** Those of a range that a search finds. */
  *#search({ order, state, ...range }: Range, looked: Wanted, wanted: Parameters): Generator<Step> {
    const { db } = this.#parts;
    for (let { after } = range; after < range.end;) {
      const step = this.#endOf({ order, state, after }, SEARCH_STEP) ?? range.end;
      // Ids are of ASCII alone, which is ordered alike here and there.
      const end = step < range.end ? step : range.end;
      const found = findApps(db, { order, state, after, end }, looked);
      for (let from = 0; from < found.length; from += FOUND_STEP) {
        const some = found.slice(from, from + FOUND_STEP);
        const ids = JSON.stringify(some.map(({ id }) => id));
        const rows = db.all(STATEMENTS[order].found, { ...wanted, ids });
        const apps = rows.map((row) => this.#listed(row));
        const cost = rows.length + some.length * LOOK_COST;
        yield { apps, after: some.at(-1)?.place ?? end, cost };
      }
      after = end;
    }
  }

  /** The app of a row, as it is known: its last heartbeats may be in the journal. */
  #listed(row: Row): Listed {
    const { app } = this.#parts.known.get(String(row.app_id)) ?? storedApp(row);
    return { app, place: row.place as Place };
  }

  /** The state by which all wanted apps are found; null for any. */
  #stateOf({ status, now }: AppQuery): StateKind | null {
    if (status === "new" || status === "paused") return status;
    const isSwept = status === "down" && this.#parts.db.get(SELECT_OVERDUE, { now }) === null;
    return isSwept ? status : null;
  }
}

/** Where a page begins; at the beginning, where what it is told of is no place in this order. */
function placeOf({ order, after }: AppQuery): Place {
  if (after === null) return FIRST[order];
  return order === "id" ? after : Number(after) || FIRST[order];
}

function pageOf(found: readonly Listed[], next: Place | null): AppPage {
  return { apps: found.map(({ app }) => app), next: next === null ? null : String(next) };
}

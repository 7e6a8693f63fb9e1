/**
 * Lists of apps, a page at a time, in a bounded time however many there are.
 *
 * @module
 */

import { type App, type Defaults, status } from "../app.ts";
import type { Sight } from "../clock.ts";
import type { StateKind } from "../flip.ts";
import type { AppPage, AppQuery } from "../store.ts";
import { APP_COLUMNS, storedApp } from "./app_row.ts";
import type { Database, Row } from "./database.ts";
import type { KnownApps } from "./known_apps.ts";

/** How many apps a page looks for matches among, at most: some 10 ms (tests/bench/). */
export const LOOK_LIMIT = 12_000;

/** How many that may match are read to be looked at more closely, at most: some 10 ms. */
const READ_LIMIT = 1_500;

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
    WHEN 'unknown' THEN unknown_from IS NOT NULL OR (
      :until > :now
      AND success_at + COALESCE(period_ms, :period) - COALESCE(grace_ms, :grace) <= :until
    )
    WHEN 'late' THEN success_at + COALESCE(period_ms, :period) <= :until
    ELSE :status IS NULL OR state = :status
  END
  AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
  AND (:glob IS NULL OR app_id GLOB :glob OR name GLOB :glob)
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

/** Reads lists of apps. */
export class AppLists {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** See `Store.apps()`. */
  page(query: AppQuery, sight: Sight): AppPage {
    const { db, defaults } = this.#parts;
    const { judgedBy: now, now: until } = sight;
    const { limit } = query;
    const state = this.#stateOf(query);
    const [selectEnd, select] = state === null
      ? [SELECT_END, SELECT]
      : [SELECT_END_IN_STATE, SELECT_IN_STATE];
    const walk = state === null ? {} : { state };
    let after = query.after ?? "";
    const end = db.get(selectEnd, { ...walk, after, most: LOOK_LIMIT - 1 })?.app_id ?? null;
    const wanted = {
      ...walk,
      now,
      until,
      end: end ?? BEYOND,
      status: query.status,
      ...defaults,
      tag: query.tag,
      glob: query.text === null ? null : globOf(query.text),
    };

    const apps: App[] = [];
    // One more than asked for tells whether there is a next page.
    for (let read = 0; apps.length <= limit && read <= limit + READ_LIMIT;) {
      const most = limit + 1 - apps.length;
      const found = db.all(select, { ...wanted, after, limit: most }).map((row) => this.#app(row));
      const isWanted = (app: App) => status(app, sight, defaults) === query.status;
      apps.push(...(query.status === null ? found : found.filter(isWanted)));
      if (found.length < most) return { apps, next: end === null ? null : String(end) };
      after = found.at(-1)?.id ?? after;
      read += found.length;
    }
    const page = apps.slice(0, limit);
    return { apps: page, next: apps.length > limit ? page.at(-1)?.id ?? null : after };
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

/** A pattern that finds this text in any case, of any script: SQLite's LOWER knows ASCII only. */
function globOf(text: string): string {
  const characters = Array.from(text, (character) => {
    const cases = [character, character.toLowerCase(), character.toUpperCase()]
      .filter((each) => Array.from(each).length === 1);
    // In brackets nothing stands for more than itself, but for a caret at the front.
    return character === "^" ? character : `[${[...new Set(cases)].join("")}]`;
  });
  return `*${characters.join("")}*`;
}

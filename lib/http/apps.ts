/**
 * The registry over HTTP: reading it.
 *
 * @module
 */

import { type App, deadline, type Defaults, expectation, parseAppId, status } from "../app.ts";
import type { Clock, Instant } from "../clock.ts";
import { durationText } from "../duration.ts";
import { AppError } from "../errors.ts";
import type { AppQuery, Store } from "../store.ts";
import type { Access } from "./access.ts";
import type { Handler } from "./routes.ts";

/** The most apps on a page. */
const PAGE_LIMIT = 1_000;

/** How many apps are on a page if nobody says. */
const PAGE_DEFAULT = 100;

const STATUSES = ["new", "up", "late", "down", "paused", "unknown", "ignored"] as const;

/** What the routes work with. */
export interface AppParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;
  readonly defaults: Defaults;
}

/** Lists the registry, a page at a time. */
export function getApps({ store, clock, access, defaults }: AppParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const now = clock.now();
    const { limit, ...query } = readQuery(exchange.req.query(), now);
    // One more than asked for tells whether there is a next page.
    const found = await store.apps({ ...query, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return exchange.json({
      apps: page.map((app) => appJson(app, now, defaults)),
      next: last === undefined ? null : cursorTo(last.id),
    });
  };
}

/** Shows one app. */
export function getApp({ store, clock, access, defaults }: AppParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const id = exchange.req.param("app_id") ?? "";
    const app = parseAppId(id) === null ? null : await store.app(id);
    if (app === null) throw new AppError("not_found", `Cannot find app ${JSON.stringify(id)}`);
    return exchange.json(appJson(app, clock.now(), defaults));
  };
}

function readQuery(query: Readonly<Record<string, string>>, now: Instant): AppQuery {
  const limit = Number(query.limit ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT) {
    throw invalidQuery("limit", query.limit, `a whole number from 1 to ${PAGE_LIMIT}`);
  }
  const wanted = query.status === undefined ? null : STATUSES.find((each) => each === query.status);
  if (wanted === undefined) {
    throw invalidQuery("status", query.status, `one of ${STATUSES.join(", ")}`);
  }
  return {
    now,
    limit,
    status: wanted,
    tag: query.tag ?? null,
    text: query.q ?? null,
    after: query.cursor === undefined ? null : readCursor(query.cursor),
  };
}

/** Where the next page begins; opaque to callers, so that the order may change one day. */
function cursorTo(id: string): string {
  return btoa(id).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readCursor(cursor: string): string {
  let id: string | null = null;
  try {
    id = parseAppId(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    // Not base64 at all: as wrong as one that names no app.
  }
  if (id === null) throw invalidQuery("cursor", cursor, '"next" of the page before, unchanged');
  return id;
}

function invalidQuery(name: string, value: string | undefined, expected: string): AppError {
  const message = `${name} cannot be ${JSON.stringify(value)}: expected ${expected}`;
  return new AppError("invalid", `Cannot list apps: ${message}`, {
    details: [{ path: name, message }],
  });
}

/** An app as the contract shows it: instants in RFC 3339, durations as text. */
function appJson(app: App, now: Instant, defaults: Defaults): object {
  const { period, grace } = expectation(app, defaults);
  return {
    app_id: app.id,
    status: status(app, now, defaults),
    name: app.name,
    tags: app.tags,
    note: app.note,
    period: durationText(period),
    grace: durationText(grace),
    last_heartbeat_at: instantText(app.lastHeartbeat?.at ?? null),
    deadline_at: instantText(deadline(app)),
    last_message: app.lastHeartbeat?.message ?? null,
  };
}

function instantText(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

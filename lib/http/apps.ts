/**
 * The registry over HTTP: reading it.
 *
 * @module
 */

import {
  type App,
  APP_ID_LENGTH,
  deadline,
  type Defaults,
  expectation,
  parseAppId,
  status,
} from "../app.ts";
import type { Clock, Instant, Sight } from "../clock.ts";
import { durationText } from "../duration.ts";
import { AppError } from "../errors.ts";
import { excerpt } from "../printable.ts";
import { NAME_LENGTH } from "../registry.ts";
import { searchable } from "../search_text.ts";
import type { AppQuery, Store } from "../store.ts";
import type { Access } from "./access.ts";
import { cursorTo, instantText, invalidQuery, readCursor, readLimit } from "./pages.ts";
import { tagHeaders } from "./preconditions.ts";
import type { Exchange, Handler } from "./routes.ts";

const STATUSES = ["new", "up", "late", "down", "paused", "unknown", "ignored"] as const;

/** The longest text that an id or a name can have in it, in code points. */
const TEXT_LENGTH = Math.max(APP_ID_LENGTH, NAME_LENGTH);

/** What the routes work with. */
export interface AppParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;
  readonly defaults: Defaults;
}

/** Lists the registry, a page at a time. */
export function getApps({ store, access, defaults }: AppParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const sight = store.sight();
    const { apps, next } = await store.apps(readQuery(exchange.req.query(), sight.judgedBy));
    return exchange.json({
      apps: apps.map((app) => appJson(app, sight, defaults)),
      next: next === null ? null : cursorTo(next),
    });
  };
}

/** Shows one app. */
export function getApp({ store, access, defaults }: AppParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const id = appIdOf(exchange);
    const app = await store.app(id);
    if (app === null) throw unknownApp(id);
    return exchange.json(appJson(app, store.sight(), defaults), 200, tagHeaders(app));
  };
}

/**
 * The `app_id` in the path.
 *
 * @throws {AppError} `not_found` for what can be none.
 */
export function appIdOf(exchange: Exchange): string {
  const given = exchange.req.param("app_id") ?? "";
  const id = parseAppId(given);
  if (id === null) throw unknownApp(given);
  return id;
}

/** The answer to an app that is not there. */
export function unknownApp(id: string): AppError {
  return new AppError("not_found", `Cannot find app "${excerpt(id, APP_ID_LENGTH)}"`);
}

function readQuery(query: Readonly<Record<string, string>>, now: Instant): AppQuery {
  const limit = readLimit(query.limit);
  const wanted = query.status === undefined ? null : STATUSES.find((each) => each === query.status);
  if (wanted === undefined) {
    throw invalidQuery("status", query.status, `one of ${STATUSES.join(", ")}`);
  }
  if (Array.from(searchable(query.q ?? "")).length > TEXT_LENGTH) {
    throw invalidQuery("q", query.q, `at most ${TEXT_LENGTH} characters`);
  }
  return {
    now,
    limit,
    status: wanted,
    tag: query.tag ?? null,
    text: query.q ?? null,
    order: "id",
    after: query.cursor === undefined ? null : readCursor(query.cursor, parseAppId),
  };
}

/** An app as the contract shows it: instants in RFC 3339, durations as text. */
export function appJson(app: App, sight: Sight, defaults: Defaults): object {
  const { period, grace } = expectation(app, defaults);
  return {
    app_id: app.id,
    status: status(app, sight, defaults),
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

/**
 * An app's history over HTTP, newest first.
 *
 * @module
 */

import type { HeartbeatCursor } from "../store.ts";
import { appIdOf, type AppParts, unknownApp } from "./apps.ts";
import { cursorTo, instantText, readCursor, readLimit, rowId } from "./pages.ts";
import type { Handler } from "./routes.ts";

/** Lists an app's heartbeats. */
export function getHeartbeats({ store, access }: AppParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const id = appIdOf(exchange);
    const { limit, cursor } = exchange.req.query();
    const page = await store.heartbeats(id, {
      limit: readLimit(limit),
      cursor: cursor === undefined ? null : readCursor(cursor, heartbeatCursor),
    });
    if (page === null) throw unknownApp(id);
    return exchange.json({
      heartbeats: page.heartbeats.map(({ at, kind, message, address, userAgent }) => {
        return { at: instantText(at), kind, message, address, user_agent: userAgent };
      }),
      next: page.next === null ? null : cursorTo(placeOf(page.next)),
    });
  };
}

/** Lists an app's flips. */
export function getFlips({ store, access }: AppParts): Handler {
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const id = appIdOf(exchange);
    const { limit, cursor } = exchange.req.query();
    const page = await store.flips(id, {
      limit: readLimit(limit),
      before: cursor === undefined ? null : readCursor(cursor, rowId),
    });
    if (page === null) throw unknownApp(id);
    return exchange.json({
      flips: page.flips.map(({ at, from, to, reason }) => {
        return { at: instantText(at), from, to, reason };
      }),
      next: page.next === null ? null : cursorTo(page.next),
    });
  };
}

function placeOf({ next, imported }: HeartbeatCursor): readonly unknown[] {
  return [next, imported?.at ?? null, imported?.id ?? null];
}

function heartbeatCursor(given: unknown): HeartbeatCursor | null {
  if (!Array.isArray(given) || given.length !== 3) return null;
  const [next, at, id] = given.map((each) => each === null ? null : rowId(each) ?? undefined);
  if (next === undefined || at === undefined || id === undefined) return null;
  if ((at === null) !== (id === null)) return null;
  return { next, imported: at === null || id === null ? null : { at, id } };
}

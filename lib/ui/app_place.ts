/**
 * Places in an app's history, as its page's address names them.
 *
 * @module
 */

import type { HeartbeatCursor } from "../store.ts";
import type { AppView } from "./app_view.ts";

/** The path of the heartbeats behind a place. */
export function pathTo({ app, range }: AppView, { next, imported }: HeartbeatCursor): string {
  const place = [next ?? "", imported?.at ?? "", imported?.id ?? ""].join(".");
  return `/apps/${app.id}?${new URLSearchParams({ range, before: place })}#heartbeats`;
}

/** The place that a query names; null for none, as for the newest. */
export function readCursor(given: string | undefined): HeartbeatCursor | null {
  const [, next, at, id] = /^(\d{0,15})\.(\d{0,15})\.(\d{0,15})$/.exec(given ?? "") ?? [];
  if (next === undefined || at === undefined || id === undefined) return null;
  return {
    next: next === "" ? null : Number(next),
    imported: at === "" || id === "" ? null : { at: Number(at), id: Number(id) },
  };
}

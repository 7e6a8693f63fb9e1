/**
 * How the pages' routes are declared.
 *
 * @module
 */

import type { Context, Hono } from "hono";

/** What the server hands over with each request; the names are Hono's. */
export interface Env {
  readonly Bindings: {
    /** The address of whoever opened the connection. */
    readonly peer: string;
    /** For the server's figures; no page takes a heartbeat. */
    isHeartbeat: boolean;
  };
}

/** Marks the answer to what is no page, among the pages' own files. */
export const MISSING = "x-missing";

/** A request on its way. */
export type Exchange = Context<Env>;

/** What one method of a route does. */
export type Handler = (exchange: Exchange) => Response | Promise<Response>;

/** Adds a route; any other method on it is answered 405. GET answers HEAD as well. */
export function route(
  to: Hono<Env>,
  path: string,
  methods: Readonly<Partial<Record<"GET" | "POST", Handler>>>,
): void {
  for (const [method, handler] of Object.entries(methods)) to.on(method, path, handler);
  const allowed = Object.keys(methods).flatMap((each) => each === "GET" ? ["GET", "HEAD"] : [each]);
  to.all(path, (exchange) => exchange.text("", 405, { Allow: allowed.join(", ") }));
}

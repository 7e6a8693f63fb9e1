/**
 * How routes are declared: a path, and what each of its methods does.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { methodNotAllowed } from "./problem.ts";

/** What the server hands over with each request; the names are Hono's. */
export interface Env {
  readonly Bindings: {
    /** The address of whoever opened the connection. */
    readonly peer: string;
    /** Whether it brings heartbeats: the route says so that takes them. */
    isHeartbeat: boolean;
  };
}

/** A request on its way. */
export type Exchange = Context<Env>;

/** What one method of a route does. */
export type Handler = (exchange: Exchange) => Response | Promise<Response>;

/** The methods that routes have. GET answers HEAD as well. */
export type Methods = Readonly<
  Partial<Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Handler>>
>;

/** Routes to be filled; a trailing slash is accepted on each. */
export function routes(): Hono<Env> {
  return new Hono<Env>({ strict: false });
}

/** Adds a route; any other method on it is answered 405. */
export function route(to: Hono<Env>, path: string, methods: Methods): void {
  for (const [method, handler] of Object.entries(methods)) to.on(method, path, handler);
  const allowed = allowedIn(methods);
  to.all(path, (exchange) => methodNotAllowed(exchange.req.method, allowed));
}

/** The methods by their names. */
export function allowedIn(methods: Methods): readonly string[] {
  return Object.keys(methods).flatMap((each) => each === "GET" ? ["GET", "HEAD"] : [each]);
}

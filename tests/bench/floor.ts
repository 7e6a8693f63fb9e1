/**
 * What the service is compared to: the least that a server must do for a
 * heartbeat, and nothing that makes one of it.
 *
 *     deno run --allow-net tests/bench/floor.ts bare|hono
 *
 * Prints where it listens.
 */

import { Hono } from "hono";
import { say } from "../support/proof.ts";

/** The servers, by name. */
const FLOORS: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  /** Answers without having looked. */
  bare: () => new Response(ANSWER, { headers: { "Content-Type": "application/json" } }),
  /** Parses the same JSON and answers 200. */
  hono: hono(),
};

const ANSWER = '{"app_id":"23","status":"up"}';

function hono(): (request: Request) => Response | Promise<Response> {
  const app = new Hono();
  app.post("/api/apps/", async (exchange) => {
    const { app_id } = await exchange.req.json();
    return exchange.json({ app_id: String(app_id), status: "up" });
  });
  return app.fetch;
}

const handle = FLOORS[Deno.args[0] ?? ""];
if (handle === undefined) throw new Error(`Cannot find floor "${Deno.args[0]}"`);
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ hostname, port }) => say(`listening url=http://${hostname}:${port}`),
}, handle);

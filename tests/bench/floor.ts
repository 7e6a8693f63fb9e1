/**
 * What the service is compared to: the least that a server must do for a
 * heartbeat, and nothing that makes one of it.
 *
 *     deno run --allow-net --allow-read --allow-write tests/bench/floor.ts bare|hono|disk FILE
 *
 * Prints where it listens.
 */

import { setImmediate } from "node:timers";
import { DatabaseSync } from "node:sqlite";
import { Hono } from "hono";
import { say } from "../support/proof.ts";

type Server = (request: Request) => Response | Promise<Response>;

const ANSWER = '{"app_id":"23","status":"up"}';

/** The servers, by name. */
const FLOORS: Readonly<Record<string, (file: string) => Server>> = {
  /** Answers without having looked. */
  bare: () => () => new Response(ANSWER, { headers: { "Content-Type": "application/json" } }),
  /** Parses the same JSON and answers 200. */
  hono: () => honoThat((body) => body),
  /** The same once it is on disk: all that came meanwhile as one row of one table. */
  disk: (file) => honoThat(flushed(file)),
};

function honoThat(keep: (body: unknown) => unknown): Server {
  const app = new Hono();
  app.post("/api/apps/", async (exchange) => {
    const body = await exchange.req.json();
    await keep(body);
    return exchange.json({ app_id: String(body.app_id), status: "up" });
  });
  return app.fetch;
}

/** Writes what comes in groups, each flushed before anyone of it is told. */
function flushed(file: string): (body: unknown) => Promise<void> {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec("CREATE TABLE journal (id INTEGER PRIMARY KEY, heartbeats TEXT NOT NULL)");
  const insert = db.prepare("INSERT INTO journal (heartbeats) VALUES (?)");
  let bodies: unknown[] = [];
  let waiting: (() => void)[] = [];
  const flush = (joined: number) => {
    if (bodies.length > joined) {
      setImmediate(flush, bodies.length);
      return;
    }
    insert.run(JSON.stringify(bodies));
    for (const resolve of waiting) resolve();
    [bodies, waiting] = [[], []];
  };
  return (body) =>
    new Promise((resolve) => {
      if (bodies.length === 0) setImmediate(flush, 0);
      bodies.push(body);
      waiting.push(resolve);
    });
}

const [name = "", file = ""] = Deno.args;
const floor = FLOORS[name];
if (floor === undefined) throw new Error(`Cannot find floor "${name}"`);
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ hostname, port }) => say(`listening url=http://${hostname}:${port}`),
}, floor(file));

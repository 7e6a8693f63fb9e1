/**
 * Heartbeats sent as fast as they are answered, by `wrk`.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";

/** What is sent. */
export interface Load {
  readonly apps: number;
  /** How many heartbeats are in one request. */
  readonly inRequest: number;
  readonly connections: number;
  readonly span: Duration;
  /** How long each connection waits between two requests, on average; as good as not by default. */
  readonly wait?: Duration;
}

/** What was measured of it. */
export interface Measured {
  readonly requests: number;
  readonly seconds: number;
  /** Latencies in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** Requests that were not answered by 200. */
  readonly errors: number;
}

const FAST = new URL("heartbeats.lua", import.meta.url).pathname;
const PACED = new URL("paced.lua", import.meta.url).pathname;

/** Sends to `url` for as long as the load says. */
export async function send(url: string, load: Load): Promise<Measured> {
  const { apps, inRequest, connections, span, wait } = load;
  const { success, stdout, stderr } = await new Deno.Command("wrk", {
    args: [
      "-t1",
      `-c${connections}`,
      `-d${Math.ceil(span / SECOND)}s`,
      "--timeout=10s",
      `--script=${wait === undefined ? FAST : PACED}`,
      url,
      "--",
      String(apps),
      String(inRequest),
      ...(wait === undefined ? [] : [String(wait)]),
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`wrk failed: ${text}${new TextDecoder().decode(stderr)}`);
  return JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
}

/**
 * Whether all is well, for those who watch the watcher.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { hearingProblems, problems } from "../health.ts";
import type { Timing } from "../outbox.ts";
import type { Store } from "../store.ts";
import type { Exchange, Handler } from "./routes.ts";

/** What the routes work with. */
export interface HealthParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly timing: Pick<Timing, "mailInterval">;
}

/** Alive, within reach, and able to store. Writes nothing. */
export function getHealthz({ store }: HealthParts): Handler {
  return async (exchange) => answer(exchange, hearingProblems(await store.health()));
}

/** The same, sweeping on time, and nothing stuck in the outbox. */
export function getReadyz({ store, clock, timing: { mailInterval } }: HealthParts): Handler {
  return async (exchange) => {
    const health = await store.health();
    return answer(exchange, problems(health, { now: clock.now(), mailInterval }));
  };
}

function answer(exchange: Exchange, found: readonly string[]): Response {
  return found.length === 0
    ? exchange.json({ status: "ok" })
    : exchange.json({ status: "failing", problems: found }, 503);
}

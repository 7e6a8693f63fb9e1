/**
 * Whether all is well, for those who watch the watcher.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { capacityProblem, hearingProblems, problems } from "../health.ts";
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
  return async (exchange) => answer(exchange, hearingProblems(await store.health()), []);
}

/** The same, sweeping on time, room for other apps, and nothing stuck in the outbox. */
export function getReadyz({ store, clock, timing: { mailInterval } }: HealthParts): Handler {
  return async (exchange) => {
    const health = await store.health();
    const found = problems(health, { now: clock.now(), mailInterval });
    const room = capacityProblem(health);
    if (room === null) return answer(exchange, found, []);
    return room.isFull
      ? answer(exchange, [...found, room.text], [])
      : answer(exchange, found, [room.text]);
  };
}

function answer(
  exchange: Exchange,
  found: readonly string[],
  warnings: readonly string[],
): Response {
  const more = warnings.length === 0 ? {} : { warnings };
  return found.length === 0
    ? exchange.json({ status: "ok", ...more })
    : exchange.json({ status: "failing", problems: found, ...more }, 503);
}

/**
 * Whether all is well, for those who watch the watcher.
 *
 * @module
 */

import { type Clock, type Duration, MINUTE } from "../clock.ts";
import type { Health, Store } from "../store.ts";
import type { Handler } from "./routes.ts";

/** How far behind a deadline the sweep may be: a run of the check, should every timer fail. */
const SWEEP_LAG_LIMIT: Duration = MINUTE;

/** How long news may wait for a mail server before somebody should look. */
const OUTBOX_PATIENCE: Duration = 15 * MINUTE;

/** What the routes work with. */
export interface HealthParts {
  readonly store: Store;
  readonly clock: Clock;
}

/** Alive, and able to store. Writes nothing. */
export function getHealthz({ store }: HealthParts): Handler {
  return async (exchange) => {
    const { commitFailure } = await store.health();
    return commitFailure === null
      ? exchange.json({ status: "ok" })
      : exchange.json({ status: "failing", problems: ["heartbeats cannot be stored"] }, 503);
  };
}

/** Sweeping on time, and nothing stuck in the outbox. */
export function getReadyz({ store, clock }: HealthParts): Handler {
  return async (exchange) => {
    const problems = findProblems(await store.health(), clock);
    return problems.length === 0
      ? exchange.json({ status: "ok" })
      : exchange.json({ status: "failing", problems }, 503);
  };
}

/** In words that give no address and no app away: this is open to everyone. */
function findProblems(health: Health, clock: Clock): readonly string[] {
  const now = clock.now();
  const problems: string[] = [];
  if (health.commitFailure !== null) problems.push("heartbeats cannot be stored");
  if (health.nextDeadlineAt !== null && now - health.nextDeadlineAt > SWEEP_LAG_LIMIT) {
    problems.push("a deadline passed more than a minute ago and has not been looked at");
  }
  if (health.owedSince !== null && now - health.owedSince > OUTBOX_PATIENCE) {
    problems.push("news has been waiting for more than 15 minutes to be mailed");
  }
  if (health.failedAddresses.length > 0) {
    problems.push(`${health.failedAddresses.length} address(es) could not be mailed for 3 days`);
  }
  return problems;
}

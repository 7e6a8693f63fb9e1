/**
 * Metrics over HTTP: `GET /metrics`.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Program } from "../program.ts";
import type { Store } from "../store.ts";
import type { Access } from "./access.ts";
import { exposition, EXPOSITION_TYPE } from "./exposition.ts";
import { metrics } from "./metric_list.ts";
import type { RequestTimes } from "./request_times.ts";
import type { Handler } from "./routes.ts";

/** What the route works with. */
export interface MetricsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;
  readonly program: Program;
  readonly requestTimes: RequestTimes;
}

/** Shows the metrics. */
export function getMetrics(parts: MetricsParts): Handler {
  const { store, clock, access, program, requestTimes } = parts;
  return async (exchange) => {
    await access.permit(exchange.req.raw, "read");
    const tally = await store.tally(store.judgedBy());
    const figures = await store.figures();
    const health = await store.health();
    const usage = await program.usage();
    const requests = requestTimes.read();
    const facts = { now: clock.now(), tally, figures, health, requests, program, usage };
    return exchange.body(exposition(metrics(facts)), 200, { "Content-Type": EXPOSITION_TYPE });
  };
}

/**
 * A full hour strikes: twenty times as many heartbeats as usual, on top of those.
 *
 * @module
 */

import { SECOND } from "../../lib/clock.ts";
import { pause, say, table } from "../support/proof.ts";
import { memoryOf, startService } from "./contender.ts";
import { count, megabytes, ms } from "./figures.ts";
import { type Load, send } from "./load.ts";
import type { Results } from "./results.ts";

/** What comes all the while: each connection sends ten a second. */
const STEADY: Load = { apps: 10_000, inRequest: 1, connections: 60, span: 15 * SECOND, wait: 100 };

/** What comes with the hour. */
const SPIKE: Load = { ...STEADY, connections: 20 * STEADY.connections, span: 5 * SECOND };

/** How long it is as usual before. */
const BEFORE = 5 * SECOND;

/** See the module. */
export async function benchSpike(results: Results): Promise<void> {
  await using service = await startService("stillalive");
  await send(service.url, { ...STEADY, span: SECOND });
  const usual = send(service.url, STEADY);
  await pause(BEFORE);
  const before = memoryOf(service.pid).now;
  const [steady, spike] = await Promise.all([usual, send(service.url, SPIKE)]);
  const after = memoryOf(service.pid).most;
  say(table([
    ["load", "heartbeats/s", "p50 ms", "p99 ms", "longest ms", "errors"],
    ...[["as usual", steady] as const, ["the spike", spike] as const].map(([name, measured]) => [
      name,
      count(measured.requests / measured.seconds),
      ms(measured.p50),
      ms(measured.p99),
      ms(measured.longest),
      String(measured.errors),
    ]),
  ]));
  say(`memory before ${megabytes(before)} MB, at most ${megabytes(after)} MB`);
  results.hold("spike, errors", steady.errors + spike.errors, { atMost: 0 });
  results.hold("spike, longest answer, ms", Math.max(steady.longest, spike.longest), {
    atMost: 250,
  });
}

/**
 * How soon the service listens, on a database that it has to make.
 *
 * @module
 */

import type { Duration } from "../../lib/clock.ts";
import { runProgram } from "../support/program.ts";
import { temporaryFolder } from "../support/store.ts";
import { SERVICE, startService } from "./contender.ts";
import { median } from "./figures.ts";
import type { Results } from "./results.ts";

/** How often it is started; the first time it is read from disk. */
const STARTS = 9;

/** See the module. */
export async function benchStart(results: Results): Promise<void> {
  using folder = temporaryFolder();
  const [bare, listening]: [Duration[], Duration[]] = [[], []];
  for (let round = 0; round < STARTS; round++) {
    bare.push(await speaking(folder.path));
    listening.push(await starting());
  }
  results.note("start, to say its version, ms", median(bare));
  results.hold("start with an empty database, ms", median(listening), { atMost: 100 });
}

/** How long it takes to say its version: the least that a start takes. */
async function speaking(folder: string): Promise<Duration> {
  const before = performance.now();
  await runProgram({ folder, args: ["version"], command: SERVICE });
  return performance.now() - before;
}

async function starting(): Promise<Duration> {
  const before = performance.now();
  await using _service = await startService("stillalive");
  return performance.now() - before;
}

/**
 * How soon the service listens: on a database that it has to make, and on one
 * that was left by a kill.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { runProgram } from "../support/program.ts";
import { temporaryFolder } from "../support/store.ts";
import { SERVICE, startService } from "./contender.ts";
import { median } from "./figures.ts";
import { type Load, send } from "./load.ts";
import type { Results } from "./results.ts";

/** How often it is started; the first time it is read from disk. */
const STARTS = 9;

/** For so long that as much waits in the journal as may. */
const FULL_LOAD: Load = { apps: 10_000, inRequest: 1, connections: 64, span: 15 * SECOND };

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
  results.note("start after it was killed under full load, ms", await startingAgain());
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

/** How long it takes up what is in the journal: till then nobody is heard. */
async function startingAgain(): Promise<Duration> {
  using folder = temporaryFolder();
  const database = `${folder.path}/killed.db`;
  {
    await using service = await startService("stillalive", { database });
    await send(service.url, FULL_LOAD);
  }
  const before = performance.now();
  await using _service = await startService("stillalive", { database });
  return performance.now() - before;
}

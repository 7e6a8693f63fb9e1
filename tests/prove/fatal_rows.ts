/**
 * The file is gone or another one: nothing that is written any more would be
 * found again. The program says so in a letter, and ends.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { until } from "../support/until.ts";
import { type FaultRow, type Found, meet, type Promises } from "./fault_row.ts";
import { Scene } from "./scene.ts";

/** From the damage to the end: the next listening mark, and a letter. */
const ENDED_WITHIN: Duration = 20 * SECOND;

const DAMAGES: readonly (readonly [string, (database: string) => void])[] = [
  ["database deleted", (database) => Deno.removeSync(database)],
  ["database replaced", (database) => {
    Deno.copyFileSync(database, `${database}.other`);
    Deno.renameSync(`${database}.other`, database);
  }],
];

/** A row for each of them. */
export async function fatalRows(): Promise<readonly FaultRow[]> {
  return await Promise.all(
    DAMAGES.map(([fault, damage]) => meet(fault, (promises) => met(damage, promises))),
  );
}

async function met(damage: (database: string) => void, promises: Promises): Promise<Found> {
  await using scene = await Scene.begin();
  const { process, database } = scene.program;
  let code: number | null = null;
  process.ended().then((ended) => code = ended);

  damage(database);
  const damagedAt = Date.now();
  await promises.come("it ends", until("the end", () => code !== null, ENDED_WITHIN));
  const endedAfter = Date.now() - damagedAt;

  promises.expect(`exit code 1 and not ${code}`, code === 1);
  const letters = await scene.letters();
  promises.expect(`one letter (${letters.length})`, letters.length === 1);
  const seconds = (endedAfter / SECOND).toFixed(1);
  const outcome = `"${letters[0]?.subject ?? "no letter"}"; exit code ${code} after ${seconds} s`;
  return { outcome, repairedAfter: null };
}

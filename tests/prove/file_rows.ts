/**
 * Meets each fault of the database's file with a program of its own.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { pause } from "../support/proof.ts";
import { until } from "../support/until.ts";
import { type FaultRow, type Found, leftOut, meet, messageOf, type Promises } from "./fault_row.ts";
import { FILE_FAULTS, type FileFault, type Place } from "./file_faults.ts";
import { Scene, SILENCE, TO_LETTER } from "./scene.ts";

/** Enough heartbeats a second that a way to refuse them which takes time shows. */
const LIVING = { quick: 50, full: 200 };

/** How long an answer may take while nothing can be stored. */
const ANSWER_LIMIT: Duration = 3 * SECOND;

/** From the damage to the first 503: there may still be room for some. */
const NOTICED_WITHIN: Duration = 30 * SECOND;

/** From the damage to the letter straight from memory, which is not written at the first hiccup. */
const TOLD_WITHIN: Duration = 30 * SECOND;

/** From the repair to the first 200. */
const MENDED_WITHIN: Duration = 5 * SECOND;

/** A row for each fault after which the program goes on: quick all at once, else one by one. */
export async function fileRows(isQuick: boolean): Promise<readonly FaultRow[]> {
  if (isQuick) return await Promise.all(FILE_FAULTS.map((each) => rowOf(each, LIVING.quick)));
  const found: FaultRow[] = [];
  for (const each of FILE_FAULTS) found.push(await rowOf(each, LIVING.full));
  return found;
}

async function rowOf(fault: FileFault, living: number): Promise<FaultRow> {
  const place = placeFor(fault);
  if (typeof place === "string") return leftOut(fault.name, place);
  try {
    return await meet(fault.name, (promises) => met(fault, { place, living, promises }));
  } finally {
    place.leave();
  }
}

/** A place where it can be brought about, or why there is none. */
function placeFor(fault: FileFault): Place | string {
  try {
    return fault.place();
  } catch (error) {
    return messageOf(error);
  }
}

async function met(
  fault: FileFault,
  { place, living, promises }: {
    readonly place: Place;
    readonly living: number;
    readonly promises: Promises;
  },
): Promise<Found> {
  await using scene = await Scene.begin({ folder: place.folder, living });
  const { program } = scene;
  const { pid } = program.process;
  await place.damage(program);
  const refusal = await until("a heartbeat to be refused", async () => {
    const answer = await probe(program.url);
    return answer.status === 200 ? null : answer;
  }, NOTICED_WITHIN);
  scene.die();
  promises.expect(`503 and not ${refusal.status}`, refusal.status === 503);
  promises.expect("Retry-After", Number(refusal.retryAfter) > 0);
  const longest = await untilTold(scene, promises);
  promises.expect(`503 within ${longest.toFixed(0)} ms`, longest <= ANSWER_LIMIT);

  await place.repair(program);
  const repairedAt = Date.now();
  const isSame = fault.isMended === "in the same process";
  if (!isSame) await program.start();
  const again = async () => (await probe(program.url)).status === 200;
  await promises.come("it stores again", until("a 200", again, MENDED_WITHIN));
  const repairedAfter = Date.now() - repairedAt;
  await promises.come("the dead app is told", scene.dead(SILENCE + TO_LETTER));
  await pause(SILENCE);

  promises.expect("the same process goes on", !isSame || program.process.pid === pid);
  const outcome = await judge(scene, promises, refusal.retryAfter);
  return { outcome, repairedAfter };
}

/** Goes on sending until there is a letter; returns the longest that an answer took. */
async function untilTold({ program, post }: Scene, promises: Promises): Promise<Duration> {
  let longest = 0;
  const told = until("the letter from memory", async () => {
    const { wait } = await probe(program.url);
    longest = Math.max(longest, wait);
    return post.delivered.length > 0;
  }, TOLD_WITHIN);
  await promises.come("a letter says so", told);
  return longest;
}

/** What is in the ledger and in the letters after all. */
async function judge(scene: Scene, promises: Promises, retryAfter: string): Promise<string> {
  const falls = scene.falseAlarms();
  promises.expect(`no false alarm (${falls.length})`, falls.length === 0);
  const gaps = scene.gaps();
  promises.expect("a gap in the ledger", gaps.length > 0);
  const letters = await scene.letters();
  const fromMemory = letters.filter(({ counted }) => counted.down === 0);
  promises.expect(`one letter an hour (${fromMemory.length})`, fromMemory.length <= 1);
  const subject = fromMemory[0]?.subject ?? "no letter";
  const causes = gaps.map(({ cause, length }) => `${cause} ${(length / SECOND).toFixed(1)} s`);
  return `503, Retry-After ${retryAfter}; "${subject}"; gaps: ${causes.join(", ") || "none"}`;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string;
  readonly wait: Duration;
}

async function probe(url: string): Promise<Answer> {
  const began = performance.now();
  const body = JSON.stringify({ app_id: "living-1" });
  const response = await fetch(`${url}/api/apps/`, { method: "POST", body });
  await response.arrayBuffer();
  const retryAfter = response.headers.get("retry-after") ?? "";
  return { status: response.status, retryAfter, wait: performance.now() - began };
}

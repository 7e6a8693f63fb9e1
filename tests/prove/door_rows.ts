/**
 * Nobody can connect, as rows of the fault matrix: the program has no
 * descriptors left, or its listener is gone.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { KeptConnection } from "../support/crowd.ts";
import { pause } from "../support/proof.ts";
import type { Proven } from "../support/proven.ts";
import { until } from "../support/until.ts";
import { type FaultRow, type Found, leftOut, meet, messageOf, type Promises } from "./fault_row.ts";
import { Scene, SILENCE, TO_LETTER } from "./scene.ts";

/** A fault of the door. */
interface DoorFault {
  readonly name: string;
  readonly damage: (program: Proven) => void;
  /** After how long it is repaired; null where it is not. */
  readonly lasts: Duration | null;
  /** Whether the program can open the door again, or must end for it. */
  readonly isMended: "in the same process" | "by a new start";
}

/** From the damage until nobody can connect; a connection has to be tried for that. */
const SHUT_WITHIN: Duration = 10 * SECOND;

/** From the repair until somebody can connect again. */
const OPEN_WITHIN: Duration = 5 * SECOND;

/** From the damage to the end of a program that cannot open its door: 15 s, and a busy machine. */
const ENDED_WITHIN: Duration = 30 * SECOND;

/** As many as anybody may have, and fewer than the program has open. */
const [MANY, NONE] = [10_000, 5];

const FAULTS: readonly DoorFault[] = [
  {
    name: "no descriptors for 5 s",
    damage: limitDescriptors,
    lasts: 5 * SECOND,
    isMended: "in the same process",
  },
  {
    name: "no descriptors any more",
    damage: limitDescriptors,
    lasts: null,
    isMended: "by a new start",
  },
  {
    name: "listener killed by the system",
    damage: killListener,
    lasts: 0,
    isMended: "in the same process",
  },
];

/** A row for each. */
export async function doorRows(): Promise<readonly FaultRow[]> {
  return await Promise.all(FAULTS.map(rowOf));
}

async function rowOf(fault: DoorFault): Promise<FaultRow> {
  const why = fault.damage === killListener ? whyNotKilled() : null;
  if (why !== null) return leftOut(fault.name, why);
  return await meet(fault.name, (promises) => met(fault, promises));
}

async function met({ damage, lasts, isMended }: DoorFault, promises: Promises): Promise<Found> {
  await using scene = await Scene.begin();
  const { program } = scene;
  const { pid } = program.process;
  damage(program);
  // It may be open again before anybody comes: then the ledger says so.
  const wasShut = async () => await isRefused(program) || isNoted(scene);
  await promises.come("a shut door", until("that", wasShut, SHUT_WITHIN));
  scene.die();

  let repairedAt = Date.now();
  if (isMended === "by a new start") {
    const code = await endOf(program, promises);
    promises.expect(`exit code 1 and not ${code}`, code === 1);
    repairedAt = Date.now();
    await program.start();
  } else if (lasts !== null && lasts > 0) {
    await pause(lasts);
    repairedAt = Date.now();
    limitDescriptors(program, MANY);
  }
  const isOpen = async () => !(await isRefused(program));
  await promises.come("an open door", until("that", isOpen, OPEN_WITHIN));
  const repairedAfter = Date.now() - repairedAt;
  await promises.come("the dead app is told", scene.dead(2 * SILENCE + TO_LETTER));
  await pause(SILENCE);

  const isSame = program.process.pid === pid;
  promises.expect("the same process goes on", isSame === (isMended === "in the same process"));
  return { outcome: judge(scene, promises), repairedAfter };
}

/** Whether a connection of its own is not let in, or not answered. */
async function isRefused({ url }: Proven): Promise<boolean> {
  using connection = new KeptConnection(url);
  return !(await connection.beat("living-1")).startsWith("HTTP/1.1 200");
}

async function endOf(program: Proven, promises: Promises): Promise<number | null> {
  let code: number | null = null;
  program.process.ended().then((ended) => code = ended);
  await promises.come("it ends", until("the end", () => code !== null, ENDED_WITHIN));
  return code;
}

function isNoted(scene: Scene): boolean {
  return scene.gaps().some(({ cause }) => cause === "unreachable");
}

function judge(scene: Scene, promises: Promises): string {
  const falls = scene.falseAlarms();
  promises.expect(`no false alarm (${falls.length})`, falls.length === 0);
  promises.expect("in the ledger: unreachable", isNoted(scene));
  const causes = scene.gaps().map(({ cause, length }) =>
    `${cause} ${(length / SECOND).toFixed(1)} s`
  );
  return `false alarms ${falls.length}, gaps: ${causes.join(", ") || "none"}`;
}

function limitDescriptors({ process }: Proven, most: number = NONE): void {
  run("prlimit", "--pid", String(process.pid), `--nofile=${most}:`);
}

function killListener({ url }: Proven): void {
  run("ss", "--kill", "state", "listening", "sport", "=", `:${new URL(url).port}`);
}

/** Not every system has `ss`, and not every kernel does that. */
function whyNotKilled(): string | null {
  try {
    using tried = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = tried.addr;
    run("ss", "--kill", "state", "listening", "sport", "=", `:${port}`);
    return run("ss", "-Hln", "sport", "=", `:${port}`).trim() === "" ? null : "it stays alive";
  } catch (error) {
    return messageOf(error);
  }
}

/** Runs a command of the system; returns what it printed. */
function run(program: string, ...args: readonly string[]): string {
  const { success, stdout, stderr } = new Deno.Command(program, { args: [...args] }).outputSync();
  if (!success) throw new Error(`Cannot ${program}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

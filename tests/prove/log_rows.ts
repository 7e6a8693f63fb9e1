/**
 * The log cannot be written: the program goes on as if it could, and counts
 * what is missing.
 *
 * @module
 */

import { SECOND } from "../../lib/clock.ts";
import { Fifo } from "../support/fifo.ts";
import { pause } from "../support/proof.ts";
import { type FaultRow, type Found, meet, type Promises } from "./fault_row.ts";
import { Scene, SILENCE, TO_LETTER } from "./scene.ts";

/** A queue that is full is not to be had in a minute; what fails is counted at once. */
const LOGS: readonly LogFault[] = [
  { name: "log's reader gone", place: goneReader, isDropped: true },
  { name: "log's reader stands still", place: stillReader, isDropped: false },
  {
    name: "log's disk full",
    place: () => ({ path: "/dev/full", break: () => {}, leave() {} }),
    isDropped: true,
  },
];

/** A fault of the log. */
interface LogFault {
  readonly name: string;
  readonly place: () => Place;
  /** Whether lines are dropped at once. */
  readonly isDropped: boolean;
}

/** What the log is written to. */
interface Place {
  readonly path: string;
  /** Breaks it, once the program runs. */
  readonly break: () => void;
  readonly leave: () => void;
}

/** A row for each of them. */
export async function logRows(): Promise<readonly FaultRow[]> {
  return await Promise.all(LOGS.map((fault) => rowOf(fault)));
}

async function rowOf({ name, place, isDropped }: LogFault): Promise<FaultRow> {
  const log = place();
  try {
    return await meet(name, (promises) => met(log, { isDropped, promises }));
  } finally {
    log.leave();
  }
}

async function met(
  log: Place,
  { isDropped, promises }: { readonly isDropped: boolean; readonly promises: Promises },
): Promise<Found> {
  await using scene = await Scene.begin({ log: log.path, settings: { LOG_LEVEL: "debug" } });
  const { program } = scene;
  log.break();
  scene.die();
  await promises.come("the dead app is told", scene.dead(SILENCE + TO_LETTER));
  await pause(SILENCE);

  const { ok } = await fetch(`${program.url}/healthz`);
  promises.expect("/healthz is 200", ok);
  promises.expect(`no heartbeat refused (${scene.refused})`, scene.refused === 0);
  const falls = scene.falseAlarms();
  promises.expect(`no false alarm (${falls.length})`, falls.length === 0);
  const gaps = scene.gaps().filter(({ length }) => length > 0);
  promises.expect(`no gap (${gaps.length})`, gaps.length === 0);
  const dropped = await program.metric("stillalive_log_lines_dropped_total");
  promises.expect(`lines counted (${dropped})`, dropped > 0 === isDropped);
  const before = Date.now();
  const code = await program.process.end("SIGTERM");
  const seconds = ((Date.now() - before) / SECOND).toFixed(1);
  promises.expect(`exit code 0 and not ${code}`, code === 0);
  const outcome = `told; ${dropped} lines dropped; exit code ${code} after ${seconds} s`;
  return { outcome, repairedAfter: null };
}

function goneReader(): Place {
  const fifo = new Fifo({ isFull: false });
  return { path: fifo.path, break: () => fifo.leave(), leave: () => fifo[Symbol.dispose]() };
}

function stillReader(): Place {
  const fifo = new Fifo({ isFull: true });
  return { path: fifo.path, break: () => {}, leave: () => fifo[Symbol.dispose]() };
}

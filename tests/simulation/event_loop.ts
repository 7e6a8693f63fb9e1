/** The real event loop, on which the simulated time does not pass. */

import { setImmediate } from "node:timers";
import { Failure } from "./failure.ts";
import type { World } from "./world.ts";

/**
 * Turns of the loop without a stir after which nothing moves any more: more than
 * a long piece of work leaves between two of its steps (`served()` in loop.ts).
 */
const QUIET_TURNS = 6;

/** The most turns that one event may take: beyond it something runs in circles. */
const MOST_TURNS = 10_000;

/** Microtasks that a request takes until it has been read and waits to be stored. */
const READING_TICKS = 200;

/** Lets the loop turn until nothing moves: nobody does anything without asking clock or disk. */
export async function settled({ host, clients }: World): Promise<void> {
  let quiet = 0;
  for (let turns = 0; quiet < QUIET_TURNS || clients.isWaiting; turns++) {
    if (turns > MOST_TURNS) throw inCircles();
    const { life } = host;
    const stirs = life?.stirs;
    await turn();
    quiet = life === host.life && life?.stirs === stirs ? quiet + 1 : 0;
  }
}

/** Lets no more happen than that a request is read. */
export async function requestRead(): Promise<void> {
  for (let ticks = 0; ticks < READING_TICKS; ticks++) await Promise.resolve();
}

/** Something that never ends. */
export function inCircles(): Failure {
  return new Failure("broken", null, "the service runs in circles");
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

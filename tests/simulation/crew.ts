/** Several runs, one after the other or side by side. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { DAY, type Duration } from "../../lib/clock.ts";
import { episode, type Plan, type Result } from "./episode.ts";

/** How long one run is: its database stays small, and what went before is told in a screenful. */
export const EPISODE: Duration = 20 * DAY;

/** Where databases are made: in memory if there is such a place, so that a flush is cheap. */
const MEMORY = "/dev/shm";

/** Something to be done for many days. */
export interface Order {
  readonly seed: number;
  readonly span: Duration;
  readonly jobs: number;
}

/** The runs that an order is made of: each has a seed of its own. */
export function plansOf({ seed, span }: Order, folder: string): readonly Plan[] {
  const plans: Plan[] = [];
  for (let left = span; left > 0; left -= EPISODE) {
    plans.push({ seed: seed + plans.length, span: Math.min(left, EPISODE), folder });
  }
  return plans;
}

/** Runs them all until one breaks a promise, and tells of each. */
export async function carryOut(order: Order, tell: (result: Result) => void): Promise<void> {
  const folder = Deno.makeTempDirSync({ ...memory(), prefix: "stillalive-simulation-" });
  const plans = [...plansOf(order, folder)];
  let isOver = false;
  const work = async (run: (plan: Plan) => Promise<Result>) => {
    for (let plan = plans.shift(); plan !== undefined && !isOver; plan = plans.shift()) {
      const result = await run(plan);
      if (isOver) return;
      isOver = !result.isKept;
      tell(result);
    }
  };
  try {
    if (order.jobs === 1) return await work(episode);
    await Promise.all(Array.from({ length: order.jobs }, () => besides(work)));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The same in a thread of its own. */
async function besides(
  work: (run: (plan: Plan) => Promise<Result>) => Promise<void>,
): Promise<void> {
  const member = new Worker(new URL("crew_member.ts", import.meta.url));
  try {
    await work(async (plan) => {
      const answer = once(member, "message") as Promise<[Result]>;
      member.postMessage(plan);
      const [result] = await answer;
      return result;
    });
  } finally {
    await member.terminate();
  }
}

function memory(): { readonly dir?: string } {
  try {
    return Deno.statSync(MEMORY).isDirectory ? { dir: MEMORY } : {};
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/**
 * A worker that sends a heartbeat every few milliseconds, whatever became of
 * those before, and knows how long each waited for its answer.
 *
 * It lives in a thread of its own: nothing that the proof does beside it may
 * count as the service's slowness.
 */

/// <reference lib="deno.worker" />

import type { Duration, Instant } from "../../lib/clock.ts";

/** Asks the worker to begin. */
export interface Probe {
  readonly url: string;
  readonly appId: string;
  readonly every: Duration;
}

/** A heartbeat, and how long its answer took. */
export interface Waited {
  readonly at: Instant;
  readonly wait: Duration;
  /** The answer's status, or 0 for none. */
  readonly status: number;
}

const waits: Waited[] = [];
const underWay = new Set<Promise<void>>();
let timer: ReturnType<typeof setInterval> | undefined;

self.onmessage = async ({ data }: MessageEvent<Probe | "stop">) => {
  if (data === "stop") {
    clearInterval(timer);
    await Promise.all(underWay);
    self.postMessage(waits);
    return;
  }
  const { every } = data;
  timer = setInterval(() => {
    const probing = probe(data);
    underWay.add(probing);
    probing.finally(() => underWay.delete(probing));
  }, every);
};

async function probe({ url, appId }: Probe): Promise<void> {
  const at = Date.now();
  const began = performance.now();
  let status = 0;
  try {
    const body = JSON.stringify({ app_id: appId });
    const response = await fetch(`${url}/api/apps/`, { method: "POST", body });
    await response.body?.cancel();
    status = response.status;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  waits.push({ at, wait: performance.now() - began, status });
}

/** Runs the check as `Deno.cron` does: at whole minutes, and never two at once. */

import type { Duration } from "../../lib/clock.ts";
import type { Life } from "./life.ts";
import type { MachineTime } from "./machine_time.ts";

/** Runs it until the signal, or until its process dies; resolves at the signal. */
export function runEvery(
  check: () => Promise<void>,
  { every, signal, life, time }: {
    readonly every: Duration;
    readonly signal: AbortSignal;
    readonly life: Life;
    readonly time: MachineTime;
  },
): Promise<void> {
  const arm = () => {
    if (signal.aborted || life.isDead) return;
    time.alarms.add(time.passed + every - time.wall % every, () => void check().then(arm, arm));
  };
  arm();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

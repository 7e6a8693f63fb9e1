/**
 * Health: whether all is well, in words that give no address and no app away,
 * for they are open to everyone.
 *
 * @module
 */

import { capacity, percentage } from "./capacity.ts";
import { type Duration, type Instant, MINUTE } from "./clock.ts";
import type { Health } from "./store.ts";

/** How far behind a deadline the sweep may be: a run of the check, should every timer fail. */
const SWEEP_LAG_LIMIT: Duration = MINUTE;

/** How long mail may wait for a server before somebody should look. */
const OUTBOX_PATIENCE: Duration = 15 * MINUTE;

/** Why nobody can be heard; nothing if they can. Whoever reads it has a connection from before. */
export function hearingProblems(
  { failure, loss, shutSince }: Pick<Health, "failure" | "loss" | "shutSince">,
): readonly string[] {
  const storage = storageProblem({ failure, loss });
  const door = shutSince === null ? null : "nobody can connect";
  return [storage, door].filter((each) => each !== null);
}

/** Whether something has been waiting to be mailed for so long that somebody should look. */
export function isMailLate(
  { waitingSince }: Pick<Health, "waitingSince">,
  { now, mailInterval }: { readonly now: Instant; readonly mailInterval: Duration },
): boolean {
  const patience = Math.max(OUTBOX_PATIENCE, mailInterval + MINUTE);
  return waitingSince !== null && now - waitingSince > patience;
}

/**
 * What is said of the room for apps, apart from all else that may not be well:
 * whoever can fill it must not be able to silence the watchdog.
 */
export function capacityProblem(
  { occupancy }: Pick<Health, "occupancy">,
): { readonly text: string; readonly isFull: boolean } | null {
  switch (capacity(occupancy, "ample")) {
    case "ample":
      return null;
    case "scarce": {
      const text = `${percentage(occupancy)} % of the most apps there may be are registered`;
      return { text, isFull: false };
    }
    case "full":
      return { text: "no other app can register: MAX_APPS is reached", isFull: true };
  }
}

/**
 * All that is not well: nothing if heartbeats are taken, silence is noticed
 * and mail goes out. What only waits for the mail interval is well.
 */
export function problems(
  health: Health,
  { now, mailInterval }: { readonly now: Instant; readonly mailInterval: Duration },
): readonly string[] {
  const found = [...hearingProblems(health)];
  if (health.nextDeadlineAt !== null && now - health.nextDeadlineAt > SWEEP_LAG_LIMIT) {
    found.push("a deadline passed more than a minute ago and has not been looked at");
  }
  if (isMailLate(health, { now, mailInterval })) {
    found.push("mail has been waiting for more than 15 minutes");
  }
  if (health.failedAddresses.length > 0) {
    found.push(`${health.failedAddresses.length} address(es) could not be mailed for 3 days`);
  }
  return found;
}

/** Why heartbeats cannot be stored; null if they can. */
function storageProblem({ failure, loss }: Pick<Health, "failure" | "loss">): string | null {
  if (loss !== null) return `the database file was ${loss.what}`;
  return failure === null ? null : "heartbeats cannot be stored";
}

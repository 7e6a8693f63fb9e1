/** What many runs came to, for people. */

import { DAY } from "../../lib/clock.ts";
import type { Account, Broken } from "./episode.ts";

const NOTHING: Account = {
  days: 0,
  heartbeats: 0,
  answered: 0,
  crashes: 0,
  restarts: 0,
  gaps: 0,
  clockSteps: 0,
  mailFaults: 0,
  diskFaults: 0,
  shutDoors: 0,
  flips: 0,
  putOffs: 0,
  letters: 0,
  doubles: 0,
  secondGap: 0,
  underSetClock: 0,
};

/** How each is called, in the order they are shown. */
const NAMES: Readonly<Record<keyof Account, string>> = {
  days: "days",
  heartbeats: "heartbeats sent",
  answered: "heartbeats answered",
  crashes: "crashes",
  restarts: "restarts",
  gaps: "gaps",
  clockSteps: "clock steps",
  mailFaults: "mail faults",
  diskFaults: "disk faults",
  shutDoors: "shut doors",
  flips: "flips",
  putOffs: "alarms put off, and told of as unknown",
  letters: "letters",
  doubles: "letters twice, as rule 6 allows",
  secondGap: "not promised: lost in a second gap",
  underSetClock: "not promised: under a set clock",
};

/** Both together. */
export function sum(accounts: readonly Account[]): Account {
  const total = { ...NOTHING };
  for (const account of accounts) {
    for (const key of keys()) total[key] += account[key];
  }
  return total;
}

/** An account as lines. */
export function accountText(account: Account): string {
  const lines = keys().map((key) =>
    `${Math.round(account[key]).toLocaleString("en").padStart(12)}  ${NAMES[key]}`
  );
  return lines.join("\n");
}

/** A broken promise with its history, and how to see it again. */
export function brokenText({ plan, day, kind, appId, message, history, log }: Broken): string {
  return [
    ...["What happened:", ...history, "", "What the service logged last:", ...log, ""],
    `${kind}: ${appId === null ? "" : `app "${appId}" `}${message}`,
    `on day ${day.toFixed(3)} of seed ${plan.seed}; to see it again:`,
    `  deno task simulate --seed ${plan.seed} --days ${plan.span / DAY}`,
  ].join("\n");
}

function keys(): readonly (keyof Account)[] {
  return Object.keys(NAMES) as (keyof Account)[];
}

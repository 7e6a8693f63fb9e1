/**
 * A million apps with a long history: how soon the service listens, what the
 * check costs, and how long lists take.
 *
 * @module
 */

import { type Duration, HOUR } from "../../lib/clock.ts";
import { say, table } from "../support/proof.ts";
import { openStore, temporaryFolder } from "../support/store.ts";
import { ADMIN_TOKEN, memoryOf, startService } from "./contender.ts";
import { count, median, ms } from "./figures.ts";
import { type Extent, fill } from "./filled.ts";
import type { Results } from "./results.ts";

const FULL: Extent = { apps: 1_000_000, heartbeats: 100 };
const QUICK: Extent = { apps: 100_000, heartbeats: 100 };

/** How often each list is asked for. */
const ASKED = 5;

/** How often a check is made: often enough that its code is compiled for most of them. */
const CHECKS = 15;

/** How many apps a check takes down. */
const OVERDUE = 1_000;

const LISTS: readonly string[] = [
  "/api/apps",
  "/api/apps?limit=1000",
  "/api/apps?status=up",
  "/api/apps?status=down",
  "/api/apps?status=late",
  "/api/apps?status=unknown",
  "/api/apps?tag=team-7",
  "/api/apps?tag=nobody",
  "/api/apps?q=number%20777",
  "/api/apps?q=nobody",
  "/api/apps?status=down&tag=team-7&q=99",
  "/api/apps/app-4711/heartbeats?limit=1000",
  "/api/apps/app-4711/flips",
];

/** See the module. */
export async function benchLarge(results: Results): Promise<void> {
  const extent = results.isQuick ? QUICK : FULL;
  using folder = temporaryFolder();
  const database = `${folder.path}/large.db`;
  await fill(database, extent, Date.now());
  const size = Deno.statSync(database).size;
  say(
    `${count(extent.apps)} apps, ${count(extent.apps * extent.heartbeats)} heartbeats, ${
      count(size / 1e6)
    } MB`,
  );
  await check(database, results);
  await lists(database, results);
}

/** What a check costs, first when there is nothing to do. */
async function check(path: string, results: Results): Promise<void> {
  using store = await openStore({ path });
  // The fill has deadlines an hour ahead, one a millisecond.
  const first = await store.nextDeadline() ?? 0;
  const idle: Duration[] = [];
  for (let round = 0; round < CHECKS; round++) {
    const before = performance.now();
    await store.takeDown(first - HOUR, 1_000);
    idle.push(performance.now() - before);
  }
  const busy: Duration[] = [];
  for (let round = 0; round < CHECKS; round++) {
    const before = performance.now();
    const { down } = await store.takeDown(first + HOUR, OVERDUE);
    busy.push(performance.now() - before);
    if (down !== OVERDUE) throw new Error(`${down} apps were taken down, not ${OVERDUE}`);
  }
  results.hold("check, nothing overdue, ms", median(idle), { atMost: 1 });
  results.hold(`check, ${OVERDUE} overdue, ms`, median(busy), { atMost: 50 });
}

async function lists(database: string, results: Results): Promise<void> {
  const before = performance.now();
  await using service = await startService("stillalive", { database });
  const started = performance.now() - before;
  results.hold("start with all of it, ms", started, { atMost: 300 });
  const rows: (readonly string[])[] = [];
  let longest = 0;
  for (const path of LISTS) {
    const times: Duration[] = [];
    for (let round = 0; round < ASKED; round++) times.push(await ask(`${service.url}${path}`));
    const time = median(times);
    longest = Math.max(longest, time);
    rows.push([path, ms(time)]);
  }
  say(table([["list", "ms"], ...rows]));
  results.hold("the slowest list, ms", longest, { atMost: 20 });
  results.hold("memory, MB", memoryOf(service.pid).most / 1e6, { atMost: 300 });
}

async function ask(url: string): Promise<Duration> {
  const before = performance.now();
  const response = await fetch(url, {
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url}: answered ${response.status}`);
  return performance.now() - before;
}

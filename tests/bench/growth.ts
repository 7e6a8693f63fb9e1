/**
 * A month of heartbeats, as fast as they can be stored: how large the file
 * grows, and whether anything gets slower by it.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import { Pruner } from "../../lib/pruning.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { say, table } from "../support/proof.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { heartbeat, openStore, temporaryFolder } from "../support/store.ts";
import { count, median, ms } from "./figures.ts";
import type { Results } from "./results.ts";

/** Each app beats once a minute. */
const FULL = { apps: 10_000, days: 33, retained: 30 * DAY };
const QUICK = { apps: 2_000, days: 6, retained: 3 * DAY };

/** Heartbeats in one request. */
const IN_REQUEST = 1_000;

/** Days at the start and at the end that are taken as one, so that no busy moment decides. */
const ALIKE = 3;

/** How often a page is asked for. */
const ASKED = 20;

/** What a day came to. */
interface Day {
  readonly size: number;
  readonly perSecond: number;
  /** A page of an app's newest heartbeats, and of the registry. */
  readonly page: Duration;
  readonly list: Duration;
  /** The longest that a heartbeat could have waited behind a step of pruning. */
  readonly pruning: Duration;
  /** The most time of a processor that a step took: what is longer than that, waited for the disk. */
  readonly pruningBusy: Duration;
  /** The longest that heartbeats were written for, with no pruning about: what the disk alone does. */
  readonly writing: Duration;
}

/** See the module. */
export async function benchGrowth(results: Results): Promise<void> {
  const { apps, days, retained } = results.isQuick ? QUICK : FULL;
  using folder = temporaryFolder();
  const path = `${folder.path}/growing.db`;
  const clock = new FakeClock();
  using store = await openStore({
    path,
    clock,
    // As one look a minute leaves it, the loop does not stand still.
    cadence: { lookEvery: MINUTE, markEvery: MINUTE },
    admission: { autoRegister: true, maxApps: apps, ignoredApps: new Set() },
    defaults: { period: HOUR, grace: MINUTE },
  });
  await store.beginListening();
  const retention = { heartbeats: retained, flips: 2 * 365 * DAY, isImportedPruned: false };
  const passed: Day[] = [];
  let [pruning, pruningBusy] = [0, 0];
  const prune: SqliteStore["prune"] = async (limits) => {
    const [before, busyBefore] = [performance.now(), busy()];
    const isMore = await store.prune(limits);
    pruning = Math.max(pruning, performance.now() - before);
    pruningBusy = Math.max(pruningBusy, busy() - busyBefore);
    return isMore;
  };
  const pruner = new Pruner({ store: { prune }, clock, retention });
  for (let day = 0; day < days; day++) {
    [pruning, pruningBusy] = [0, 0];
    passed.push({ ...await live(store, { clock, pruner, apps, path }), pruning, pruningBusy });
    if (day % 5 === 0) say(`day ${day + 1}: ${count((passed.at(-1)?.size ?? 0) / 1e6)} MB`);
  }
  report(results, passed, { apps, retainedDays: retained / DAY });
}

/** A day of all apps. */
async function live(
  store: SqliteStore,
  { clock, pruner, apps, path }: {
    readonly clock: FakeClock;
    readonly pruner: Pruner;
    readonly apps: number;
    readonly path: string;
  },
): Promise<Omit<Day, "pruning" | "pruningBusy">> {
  let [storing, writing] = [0, 0];
  for (let minute = 0; minute < DAY / MINUTE; minute++) {
    clock.advance(MINUTE);
    const at = clock.now();
    const before = performance.now();
    for (let first = 0; first < apps; first += IN_REQUEST) {
      const began = performance.now();
      await store.record(beats(first, apps, at));
      writing = Math.max(writing, performance.now() - began);
    }
    storing += performance.now() - before;
    // Less often than in life, where each heartbeat would be settled before the next comes.
    await store.listen();
    if (minute % 60 === 0) await pruner.prune(new AbortController().signal);
  }
  const page = await timed(() => store.heartbeats("77", { limit: 1_000, cursor: null }));
  const list = await timed(() =>
    store.apps({
      now: clock.now(),
      status: "up",
      tag: null,
      text: null,
      order: "id",
      after: null,
      limit: 100,
    })
  );
  const size = Deno.statSync(path).size;
  return { size, perSecond: apps * (DAY / MINUTE) / (storing / SECOND), page, list, writing };
}

function beats(first: number, apps: number, at: Instant): ReturnType<typeof heartbeat>[] {
  return Array.from({ length: Math.min(IN_REQUEST, apps - first) }, (_, index) => {
    const id = first + index;
    // Each at its own moment of the minute, and never quite on time.
    const late = (Math.floor(at / MINUTE) * 7_919 + id * 104_729) % 400;
    return heartbeat(String(id), { at: at - MINUTE + id % 600 * 99 + late, message: "OK:200" });
  });
}

/** Time that this process has kept processors busy. */
function busy(): Duration {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

async function timed(work: () => Promise<unknown>): Promise<Duration> {
  const times: Duration[] = [];
  for (let round = 0; round < ASKED; round++) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return median(times);
}

/** Days that are alike, as one. */
function typical(days: readonly Day[]): Day {
  const of = (figure: (day: Day) => number) => median(days.map(figure));
  return {
    size: of(({ size }) => size),
    perSecond: of(({ perSecond }) => perSecond),
    page: of(({ page }) => page),
    list: of(({ list }) => list),
    pruning: of(({ pruning }) => pruning),
    pruningBusy: of((day) => day.pruningBusy),
    writing: of(({ writing }) => writing),
  };
}

function report(
  results: Results,
  days: readonly Day[],
  { apps, retainedDays }: { readonly apps: number; readonly retainedDays: number },
): void {
  // The first one begins without any history.
  const [first, last] = [typical(days.slice(1, 1 + ALIKE)), typical(days.slice(-ALIKE))];
  const full = days[retainedDays];
  if (full === undefined) return;
  const rows = [
    [`2 to ${1 + ALIKE}`, first],
    [`${1 + retainedDays}, when the first is pruned`, full],
    [`${days.length + 1 - ALIKE} to ${days.length}`, last],
  ] as const;
  say(table([
    ["days", "file, MB", "heartbeats/s", "page, ms", "list, ms", "longest pruning step, ms"],
    ...rows.map(([name, day]) => [
      name,
      count(day.size / 1e6),
      count(day.perSecond),
      ms(day.page),
      ms(day.list),
      ms(day.pruning),
    ]),
  ]));
  const perAppAndDay = full.size / apps / retainedDays / 1_000;
  results.hold("growth, kB an app and day", perAppAndDay, { atMost: 10 });
  results.hold("growth, file at the end to the full one", last.size / full.size, {
    atMost: 1.1,
  });
  results.hold("growth, ingest at the end to the start", last.perSecond / first.perSecond, {
    atLeast: 0.9,
  });
  results.hold("growth, page at the end to the start", last.page / first.page, { atMost: 1.1 });
  const longest = days.map(({ pruning }) => pruning);
  results.hold("growth, longest pruning step, ms", Math.max(...longest), { atMost: 50 });
  results.note("growth, a typical day's longest, ms", median(longest));
  const busiest = Math.max(...days.map((day) => day.pruningBusy));
  results.note("growth, most processor time of a pruning step, ms", busiest);
  const writing = days.map((day) => day.writing);
  results.note("growth, longest transaction of 1,000 heartbeats, ms", Math.max(...writing));
}

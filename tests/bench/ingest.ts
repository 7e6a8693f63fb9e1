/**
 * Heartbeats as fast as they are answered, beside servers that make nothing of them.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { SECOND } from "../../lib/clock.ts";
import { say, table } from "../support/proof.ts";
import { temporaryFolder } from "../support/store.ts";
import { busyFor, type Contender, memoryOf, startFloor, startService } from "./contender.ts";
import { count, median, megabytes, ms, ratio } from "./figures.ts";
import { type Load, type Measured, send } from "./load.ts";
import type { Results } from "./results.ts";

/** Apps that beat: each again some times a second. */
const APPS = 10_000;

/** One heartbeat a request, as apps send them; for so long that much of it is settled meanwhile. */
const SINGLE: Load = { apps: APPS, inRequest: 1, connections: 64, span: 10 * SECOND };

/** As many heartbeats a request as there may be. */
const BATCH: Load = { apps: APPS, inRequest: 1_000, connections: 4, span: 5 * SECOND };

/** Before anything is measured, all code has run often enough to be compiled. */
const WARM_UP = 2 * SECOND;

/** What was measured of a contender in a round. */
interface Round extends Measured {
  /** Processor time of the server for each request, in microseconds. */
  readonly cost: number;
}

/** What one contender reached, as medians of its rounds. */
interface Reached {
  readonly name: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  readonly cost: number;
  readonly memory: number;
  readonly rounds: readonly Round[];
}

/** Single heartbeats against the floors, and batches. */
export async function benchIngest(results: Results): Promise<void> {
  await using bare = await startFloor("bare", "bare Deno.serve");
  await using hono = await startFloor("hono", "bare Hono, JSON parsed");
  await using disk = await startFloor("disk", "the same, flushed to disk");
  await using service = await startService("stillalive");
  benchSqlite();

  const [, floor, flushed, ours] = await compare([bare, hono, disk, service], SINGLE, results);
  if (floor === undefined || flushed === undefined || ours === undefined) return;
  results.hold("ingest, of bare Hono", inTurn(ours, floor, speed), { atLeast: 0.7 });
  results.note("ingest, of the same flushed to disk", inTurn(ours, flushed, speed));
  results.hold("ingest, p99 of bare Hono's", inTurn(ours, floor, ({ p99 }) => p99), { atMost: 4 });
  results.hold("memory under full load, MB", ours.memory / 1e6, { atMost: 120 });

  const [batch] = await compare([service], BATCH, results);
  if (batch === undefined) return;
  results.hold("heartbeats/s in batches", batch.perSecond * BATCH.inRequest, { atLeast: 150_000 });
}

/** How many transactions SQLite does alone. */
const TRANSACTIONS = 5_000;

/** What SQLite can do without anyone asking: the service's journal, in a loop. */
function benchSqlite(): void {
  using folder = temporaryFolder();
  using db = new DatabaseSync(`${folder.path}/floor.db`);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec("CREATE TABLE journal (id INTEGER PRIMARY KEY, heartbeats TEXT NOT NULL)");
  const insert = db.prepare("INSERT INTO journal (heartbeats) VALUES (?)");
  const entry = [23, 1, Date.now(), "success", "OK:200", "192.0.2.1", "curl/8"];
  const rows = [1, 64].map((entries) => {
    const heartbeats = JSON.stringify(Array.from({ length: entries }, () => entry));
    const before = performance.now();
    for (let each = 0; each < TRANSACTIONS; each++) insert.run(heartbeats);
    const perSecond = TRANSACTIONS * SECOND / (performance.now() - before);
    return [`${entries}`, count(perSecond), count(perSecond * entries)];
  });
  say(
    table([["SQLite alone, heartbeats a transaction", "transactions/s", "heartbeats/s"], ...rows]),
  );
}

/** Measures in turn, so that a busy moment of the machine falls on all alike. */
async function compare(
  contenders: readonly Contender[],
  load: Load,
  results: Results,
): Promise<readonly Reached[]> {
  const span = results.isQuick ? 2 * SECOND : load.span;
  const all = contenders.map((contender) => ({ contender, rounds: [] as Round[] }));
  for (const { contender } of all) await send(contender.url, { ...load, span: WARM_UP });
  for (let round = 0; round < results.rounds; round++) {
    for (const { contender, rounds } of all) {
      rounds.push(await measure(contender, { ...load, span }));
    }
  }
  const reached = all.map(({ contender, rounds }) => summary(contender, rounds));
  const first = reached[0]?.perSecond ?? NaN;
  const head = ["server", "requests/s", "of the first", "p50 ms", "p99 ms", "longest ms"];
  say(table([
    [...head, "CPU µs/request", "memory MB"],
    ...reached.map((each) => [
      each.name,
      count(each.perSecond),
      ratio(each.perSecond / first),
      ms(each.p50),
      ms(each.p99),
      ms(each.longest),
      each.cost.toFixed(1),
      megabytes(each.memory),
    ]),
  ]));
  return reached;
}

async function measure({ name, url, pid }: Contender, load: Load): Promise<Round> {
  const before = busyFor(pid);
  const measured = await send(url, load);
  if (measured.errors > 0) throw new Error(`${name}: ${measured.errors} were not answered by 200`);
  const cost = (busyFor(pid) - before) * 1_000 / measured.requests;
  return { ...measured, cost };
}

function summary({ name, pid }: Contender, rounds: readonly Round[]): Reached {
  const of = (figure: (round: Round) => number) => median(rounds.map(figure));
  return {
    name,
    perSecond: of(speed),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    longest: of(({ longest }) => longest),
    cost: of(({ cost }) => cost),
    memory: memoryOf(pid).most,
    rounds,
  };
}

function speed({ requests, seconds }: Measured): number {
  return requests / seconds;
}

/** One's figure by another's, round by round: a slow moment of the machine falls on both alike. */
function inTurn(one: Reached, other: Reached, figure: (round: Round) => number): number {
  return median(one.rounds.flatMap((round, index) => {
    const beside = other.rounds[index];
    return beside === undefined ? [] : [figure(round) / figure(beside)];
  }));
}

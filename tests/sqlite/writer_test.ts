import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Arrivals } from "../../lib/arrivals.ts";
import { DAY, MINUTE, SECOND } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import type { Gap } from "../../lib/gap.ts";
import { Listening } from "../../lib/listening.ts";
import { type Database, IN_MEMORY, openDatabase } from "../../lib/sqlite/database.ts";
import { AppTable } from "../../lib/sqlite/apps.ts";
import { Gaps } from "../../lib/sqlite/gaps.ts";
import { Journal } from "../../lib/sqlite/journal.ts";
import { KnownApps } from "../../lib/sqlite/known_apps.ts";
import { RefusedHeartbeats } from "../../lib/sqlite/refused.ts";
import { Segments } from "../../lib/sqlite/segments.ts";
import { Settling } from "../../lib/sqlite/settling.ts";
import { Writer } from "../../lib/sqlite/writer.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { DEFAULTS, heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";

const CADENCE = { lookEvery: SECOND, markEvery: 5 * SECOND };

/** A writer that has begun on an empty database, and what it works on. */
interface Bench extends Disposable {
  readonly clock: FakeClock;
  readonly db: Database;
  readonly writer: Writer;
  readonly noted: readonly Gap[];
  readonly failures: readonly unknown[];
}

async function bench(): Promise<Bench> {
  const clock = new FakeClock();
  const { database: db } = await openDatabase(IN_MEMORY);
  const noted: Gap[] = [];
  const failures: unknown[] = [];
  const gaps = new Gaps(db, (gap) => noted.push(gap));
  const listening = new Listening(clock, CADENCE, new Arrivals());
  const onFailure = (error: unknown) => failures.push(error);
  const known = new KnownApps();
  const apps = new AppTable({ db, known, segments: new Segments(db) });
  const settling = new Settling({ apps, gaps, known, journal: new Journal(db) });
  const refused = new RefusedHeartbeats({ db, apps });
  const parts = { db, gaps, listening, settling, refused, clock, file: null, onFailure };
  const owned = { ...parts, isOwner: () => true };
  const writer = new Writer({ ...owned, followers: [known, refused], defaults: DEFAULTS });
  writer.begin(DEFAULTS);
  return { clock, db, writer, noted, failures, [Symbol.dispose]: () => db[Symbol.dispose]() };
}

function ledger(db: Database): readonly unknown[] {
  return db.all("SELECT began_at, ended_at, cause FROM gaps ORDER BY id").map((row) =>
    Object.values(row)
  );
}

Deno.test("what was found is in the ledger before anything else is written", async () => {
  using it = await bench();
  it.clock.stall(3 * SECOND);

  const seen = it.writer.write(() => ledger(it.db));

  assert.deepEqual(seen, [[START, START + 3 * SECOND, "stalled"]]);
  assert.deepEqual(it.writer.write(() => ledger(it.db)), seen);
});

Deno.test("what was found stays when it cannot be written, and ends with the next commit", async (t) => {
  const faults: readonly (readonly [name: string, fault: () => Error, failures: number])[] = [
    ["a fault", () => new Error("disk full"), 1],
    ["a caller's fault", () => new AppError("invalid", "Cannot do that"), 0],
  ];
  for (const [name, fault, failures] of faults) {
    await t.step(name, async () => {
      using it = await bench();
      it.clock.stall(3 * SECOND);

      assert.throws(() =>
        it.writer.write(() => {
          throw fault();
        })
      );
      const between = ledger(it.db);
      it.clock.advance(SECOND);
      it.writer.write(() => {});

      assert.deepEqual(between, []);
      assert.deepEqual(ledger(it.db), [[START, START + 4 * SECOND, "stalled"]]);
      assert.equal(it.failures.length, failures);
      assert.equal(it.writer.failure, null);
    });
  }
});

Deno.test("a failure lasts from the first transaction that failed to the next one that does not", async () => {
  using it = await bench();
  const fail = (reason: string) => {
    assert.throws(() =>
      it.writer.write(() => {
        throw new Error(reason);
      })
    );
  };

  fail("full");
  it.clock.advance(SECOND);
  fail("still full");
  const during = it.writer.failure;
  assert.throws(() =>
    it.writer.write(() => {
      throw new AppError("too_many", "Cannot add more");
    })
  );
  const refused = it.writer.failure;
  it.writer.write(() => {});

  assert.deepEqual(during, { since: START, reason: "still full" });
  assert.equal(refused, during); // a caller's fault tells nothing of the disk
  assert.equal(it.writer.failure, null);
});

Deno.test("a look writes the mark when it is time, and at once what it found", async () => {
  using it = await bench();
  const mark = () => it.db.get("SELECT marked_at FROM listening")?.marked_at;

  it.clock.advance(SECOND);
  const early = it.writer.listen();
  const before = mark();
  it.clock.stall(2 * SECOND);
  const found = it.writer.listen();
  const after = mark();
  it.clock.advance(5 * SECOND);
  it.writer.listen();

  assert.deepEqual(early, { outcome: "listening", isMarked: false });
  assert.deepEqual(found, { outcome: "listening", isMarked: true });
  assert.deepEqual([before, after, mark()], [START, START + 3 * SECOND, START + 8 * SECOND]);
  assert.deepEqual(it.noted.at(0), {
    from: START + SECOND,
    to: START + 3 * SECOND,
    cause: "stalled",
  });
});

Deno.test("before it begins nothing that the clocks tell is written, and the mark stays", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const noted: Gap[] = [];
  const onGap = (gap: Gap) => noted.push(gap);
  {
    using store = await openStore({ path, clock, onGap });
    await store.beginListening();
    await store.endListening(clock.now());
  }
  clock.advance(MINUTE);
  using store = await openStore({ path, clock, onGap });

  clock.stall(3 * SECOND);
  await store.recover(clock.now());
  const heardUntil = await store.heardUntil();
  clock.stall(3 * SECOND);
  const gap = await store.beginListening();

  assert.equal(heardUntil, START);
  assert.deepEqual(gap, { from: START, to: START + MINUTE + 6 * SECOND, cause: "off" });
  assert.deepEqual(noted, [gap]);
});

Deno.test("what is stored after the end leaves the mark where it ended", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  using store = await openStore({ path, clock });
  await store.beginListening();
  clock.advance(SECOND);

  await store.endListening(clock.now());
  clock.stall(MINUTE);
  await store.record([heartbeat("a", { at: clock.now() })]);

  assert.equal(await store.heardUntil(), START + SECOND);
});

Deno.test("a heartbeat that was refused and is sent again is no alarm, though its deadline passed meanwhile", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const noted: Gap[] = [];
  using store = await openStore({ path, clock, onGap: (gap) => noted.push(gap) });
  await store.beginListening();
  await store.record([heartbeat("a"), heartbeat("dead")]);
  clock.advance(SILENCE - 1);
  await store.listen();
  using foreign = new DatabaseSync(path);
  foreign.exec("BEGIN IMMEDIATE");

  const refused = store.record([heartbeat("a", { at: clock.now() })]);
  await assert.rejects(refused, { code: "unavailable" });
  foreign.exec("ROLLBACK");
  clock.advance(2 * SECOND);
  await store.record([heartbeat("a", { at: clock.now() })]);
  const { down } = await store.takeDown(clock.now(), 10);

  assert.equal(down, 0);
  const flips = await store.flips("a", { limit: 10, before: null });
  assert.deepEqual(flips?.flips.map(({ to }) => to), ["up"]);
  const from = START + SILENCE - 1;
  const to = from + 2 * SECOND;
  assert.deepEqual(noted.filter(({ cause }) => cause === "unstored"), [
    { from, to, cause: "unstored" },
  ]);
  assert.equal((await store.app("dead"))?.state.kind, "up");
  assert.equal(await store.nextDeadline(), to + SILENCE);
});

Deno.test("a mark that cannot be written opens a gap, which the next one ends", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const noted: Gap[] = [];
  using store = await openStore({
    path,
    clock,
    cadence: CADENCE,
    onGap: (gap) => noted.push(gap),
  });
  await store.beginListening();
  const look = (seconds: number) => {
    for (let left = seconds; left > 1; left--) {
      clock.advance(SECOND);
      store.listen();
    }
    clock.advance(SECOND);
    return store.listen();
  };
  using foreign = new DatabaseSync(path);
  foreign.exec("BEGIN IMMEDIATE");

  const failing = await look(5);
  const early = await look(4);
  foreign.exec("ROLLBACK");
  const again = await look(1);

  assert.equal(failing.outcome, "failing");
  assert.equal(early.outcome, "failing"); // tried again only when the next mark is due
  assert.deepEqual(again, { outcome: "listening", isMarked: true });
  const from = START + 5 * SECOND;
  assert.deepEqual(noted, [{ from, to: from + 5 * SECOND, cause: "unstored" }]);
});

Deno.test("a retry that was set while the clock was set back is not held up by that", async () => {
  const clock = new FakeClock();
  using store = await openStore({ clock });
  await store.beginListening();
  const failedAt = clock.now();

  clock.set(-DAY);
  await store.serverFailed("421 come back later", failedAt);

  const { server } = await store.outbox();
  assert.equal(server.nextTryAt, START - DAY + 15 * SECOND);
});

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { heartbeatsIn } from "../support/history.ts";
import { beginTry, heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";
import { verdictOn, wrongIn } from "../support/verified.ts";

const ALL = { heartbeatsBefore: 0, thinnedBefore: 0, flipsBefore: 0, isImportedPruned: false };

const SENT = { outcome: "sent", reply: "250 OK" } as const;

async function pruneAll(store: SqliteStore, limits: Partial<typeof ALL>): Promise<void> {
  while (await store.prune({ ...ALL, ...limits }));
}

function count(path: string, table: string): number {
  using db = new DatabaseSync(path, { readOnly: true });
  return Number(db.prepare(`SELECT COUNT(*) AS rows FROM ${table}`).get()?.rows);
}

/** An app that fell and came back each hour, and everyone was told. */
async function fallAndRise(store: SqliteStore, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const at = START + time * HOUR;
    await store.record([heartbeat("1", { at })]);
    await store.takeDown(at + SILENCE, 10);
    const messageId = `<${time}@example.org>`;
    const attempt = await beginTry(store, { now: at + SILENCE + MINUTE, messageId });
    assert.ok(attempt);
    await store.settle(attempt, SENT, at + SILENCE + MINUTE);
  }
}

Deno.test("heartbeats that are old go, and the newer ones stay", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  for (let day = 0; day < 10; day++) {
    const at = START + day * DAY;
    // A message so long that each heartbeat takes a row of its own.
    await store.record([heartbeat("1", { at, kind: "log", message: `${day}`.repeat(2_000) })]);
  }
  await store.endListening(START + 10 * DAY);

  await pruneAll(store, { heartbeatsBefore: START + 7 * DAY });
  await store.record([heartbeat("1", { at: START + 11 * DAY, kind: "log" })]);

  assert.deepEqual(heartbeatsIn(path).map(({ at }) => (at - START) / DAY), [7, 8, 9, 11]);
  const page = await store.heartbeats("1", { limit: 10, cursor: null });
  assert.deepEqual(page?.heartbeats.map(({ at }) => (at - START) / DAY), [11, 9, 8, 7]);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("what is young is not looked at, however much of it there is, nor what was thinned before", async () => {
  using folder = temporaryFolder();
  using store = await openStore({ path: `${folder.path}/a.db` });
  const message = "a message that takes a row of its own".repeat(100);
  const on = (day: number) =>
    Array.from({ length: 1_000 }, () => heartbeat("1", { at: START + day * DAY, message }));
  const steps = async (today: number) => {
    const limits = { ...ALL, thinnedBefore: START + (today - 1) * DAY };
    let count = 0;
    while (await store.prune({ ...limits, heartbeatsBefore: START - DAY })) count++;
    return count;
  };
  await store.record(on(10));
  await store.endListening(START + 10 * DAY);

  const [whileYoung, onceOld, thenOn] = [await steps(10), await steps(12), await steps(12)];

  assert.ok(whileYoung < 10, `${whileYoung} steps`);
  assert.ok(onceOld > whileYoung, `${onceOld} steps`);
  assert.equal(thenOn, whileYoung);
});

Deno.test("history has no hole where the clock was set back", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  for (const day of [1, 9, 2, 3]) {
    const at = START + day * DAY;
    await store.record([heartbeat("1", { at, kind: "log", message: `${day}`.repeat(2_000) })]);
  }
  await store.endListening(START + 10 * DAY);

  await pruneAll(store, { heartbeatsBefore: START + 7 * DAY });

  assert.deepEqual(heartbeatsIn(path).map(({ number }) => number).toSorted(), [2, 3, 4]);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("imported heartbeats go only where that is asked for", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1")]);
  using db = new DatabaseSync(path);
  db.exec("INSERT INTO imported_heartbeats (app, at, message) VALUES (1, 1, 'of old')");

  await pruneAll(store, { heartbeatsBefore: START });
  const kept = count(path, "imported_heartbeats");
  await pruneAll(store, { heartbeatsBefore: START, isImportedPruned: true });

  assert.equal(kept, 1);
  assert.equal(count(path, "imported_heartbeats"), 0);
});

Deno.test("old flips go with their debts and letters, which are counted for good", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await fallAndRise(store, 10);
  const { account } = verdictOn(path);

  await pruneAll(store, { flipsBefore: START + 5 * HOUR });

  // What stays: the five falls since then, what ended four of them, and the fifth fall before,
  // which ended after that.
  assert.equal(count(path, "flips"), 11);
  assert.equal(count(path, "messages"), 6);
  assert.deepEqual(verdictOn(path).account, account);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("what still counts stays, however old: open incidents, last flips, and what somebody waits for", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("up"), heartbeat("down"), heartbeat("untold")]);
  await store.record([heartbeat("up", { at: START + SILENCE - 1 })]);
  await store.takeDown(START + SILENCE, 10);
  await store.record([heartbeat("untold", { at: START + SILENCE })]);
  const before = count(path, "flips");

  await pruneAll(store, { flipsBefore: START + DAY });

  // What made "down" and "untold" known is over, and nobody was told of that.
  assert.equal(count(path, "flips"), before - 2);
  assert.equal((await store.app("down"))?.state.kind, "down");
  assert.deepEqual(verdictOn(path).account, { waiting: 3, sent: 0, suppressed: 0, failed: 0 });
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("old news that nobody knew of an app goes with its debts, and what still counts stays", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const defaults = { period: 2 * HOUR, grace: HOUR };
  const clock = new FakeClock();
  const open = () => openStore({ path, defaults, clock });
  {
    using store = await open();
    await store.beginListening();
    await store.record(["heard", "silent", "untold"].map((id) => heartbeat(id)));
    clock.advance(90 * MINUTE);
    await store.endListening(clock.now());
  }
  clock.advance(10 * MINUTE);
  using store = await open();
  await store.beginListening();
  clock.moveTo(START + 3 * HOUR);
  await store.takeDown(clock.now(), 10);
  const told = count(path, "put_offs");
  const attempt = await beginTry(store, { now: clock.now() + MINUTE });
  assert.ok(attempt);
  await store.settle(attempt, SENT, clock.now() + MINUTE);
  await store.record([heartbeat("heard", { at: clock.now() + HOUR })]);
  {
    using db = new DatabaseSync(path);
    db.exec(`UPDATE debts SET state = 'waiting', message = NULL
      WHERE put_off = (SELECT put_off FROM apps WHERE app_id = 'untold')`);
  }
  const { account } = verdictOn(path);

  await pruneAll(store, { flipsBefore: START + DAY });

  assert.equal(told, 3);
  assert.equal(count(path, "put_offs"), 2);
  assert.equal((await store.app("silent"))?.state.kind, "up");
  assert.deepEqual(verdictOn(path).account, account);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("a new id is never an old one's, though that was pruned", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await fallAndRise(store, 3);
  const ids = () => {
    using db = new DatabaseSync(path, { readOnly: true });
    return Number(db.prepare("SELECT MAX(id) AS id FROM flips").get()?.id);
  };
  const last = ids();

  await pruneAll(store, { flipsBefore: START + 5 * HOUR });
  await store.record([heartbeat("1", { at: START + 6 * HOUR })]);

  assert.equal(ids(), last + 1);
});

Deno.test("what is free is given back to the system", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  const message = "x".repeat(4_000);
  for (let each = 0; each < 30; each++) {
    const beats = Array.from(
      { length: 100 },
      (_, second) =>
        heartbeat("1", {
          at: START + second * SECOND,
          kind: "log",
          message: `${message}${second}`,
        }),
    );
    await store.record(beats);
  }
  await store.endListening(START + DAY);
  const pages = () => {
    using db = new DatabaseSync(path, { readOnly: true });
    return Number(db.prepare("PRAGMA page_count").get()?.page_count);
  };
  const before = pages();

  await pruneAll(store, { heartbeatsBefore: START + DAY });

  assert.equal(count(path, "segments"), 0);
  assert.ok(pages() < before / 2, `${pages()} of ${before} pages`);
});

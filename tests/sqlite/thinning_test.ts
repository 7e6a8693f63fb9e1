import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { DAY, type Duration, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { APART } from "../../lib/silences.ts";
import { START } from "../support/fake_clock.ts";
import { heartbeatsIn } from "../support/history.ts";
import { heartbeat, openStore, temporaryFolder } from "../support/store.ts";
import { wrongIn } from "../support/verified.ts";

/** A heartbeat each `every`, for `span` from `from` on. */
function steady(id: string, from: Instant, span: Duration, every: Duration) {
  return Array.from(
    { length: span / every },
    (_, index) => heartbeat(id, { at: from + index * every, message: "OK:200" }),
  );
}

async function thin(store: SqliteStore, before: Instant): Promise<void> {
  const limits = { heartbeatsBefore: 0, flipsBefore: 0, isImportedPruned: false };
  while (await store.prune({ ...limits, thinnedBefore: before }));
}

function rowsIn(path: string): number {
  using db = new DatabaseSync(path, { readOnly: true });
  return Number(db.prepare("SELECT COUNT(*) AS rows FROM segments").get()?.rows);
}

Deno.test("of heartbeats that came very fast, one in ten seconds is kept once they are old", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  for (let minute = 0; minute < 10; minute++) {
    await store.record(steady("fast", START + minute * MINUTE, MINUTE, SECOND / 10));
  }
  await store.record(steady("slow", START, DAY, MINUTE));
  await store.record(steady("newer", START + 2 * DAY, MINUTE, SECOND / 10));
  await store.endListening(START + 3 * DAY);

  await thin(store, START + 2 * DAY);
  const [rows, kept] = [rowsIn(path), heartbeatsIn(path)];
  await thin(store, START + 2 * DAY);
  await store.record([heartbeat("fast", { at: START + 3 * DAY, message: "and on" })]);

  const of = (id: string) => kept.filter(({ appId }) => appId === id).map(({ at }) => at - START);
  assert.deepEqual(of("fast"), Array.from({ length: 60 }, (_, index) => index * APART));
  assert.equal(of("newer").length, 600);
  assert.equal(of("slow").length, DAY / MINUTE);
  assert.deepEqual(heartbeatsIn(path).slice(0, kept.length), kept);
  assert.equal(rowsIn(path), rows);
  assert.deepEqual(wrongIn(path), []);
  const page = await store.heartbeats("fast", { limit: 1_000, cursor: null });
  const shown = page?.heartbeats.map(({ at }) => at - START);
  assert.deepEqual(shown, [3 * DAY, ...of("fast").toReversed()]);
});

Deno.test("what was too young when it was looked at is thinned once it is old", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  for (const [day, id] of ["one", "two", "three"].entries()) {
    await store.record(steady(id, START + day * DAY, MINUTE, SECOND));
  }
  await store.endListening(START + 3 * DAY);

  const left: number[] = [];
  for (const day of [1, 2, 3]) {
    await thin(store, START + day * DAY - DAY / 2);
    left.push(heartbeatsIn(path).length);
  }

  assert.deepEqual(left, [6 + 60 + 60, 6 + 6 + 60, 6 + 6 + 6]);
});

Deno.test("a day of an app that never pauses takes little room once it is old", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  for (let hour = 0; hour < 24; hour++) {
    await store.record(steady("fast", START + hour * 60 * MINUTE, 60 * MINUTE, SECOND));
  }
  await store.endListening(START + DAY);
  const before = rowsIn(path);

  await thin(store, START + 2 * DAY);

  assert.equal(heartbeatsIn(path).length, DAY / APART);
  assert.ok(rowsIn(path) < before / 6, `${rowsIn(path)} rows of ${before}`);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("whatever is dropped, one that is kept came at most ten seconds before it", async () => {
  const waits = fc.array(
    fc.record({
      wait: fc.oneof(
        { weight: 8, arbitrary: fc.nat(SECOND) },
        fc.nat(MINUTE),
        fc.integer({ min: -MINUTE, max: 0 }),
      ),
      message: fc.constantFrom("OK:200", null, "x".repeat(1_500)),
    }),
    { minLength: 1, maxLength: 200 },
  );
  await fc.assert(
    fc.asyncProperty(waits, async (waits) => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      using store = await openStore({ path });
      let at = START;
      const beats = waits.map(({ wait, message }) => {
        at += wait;
        return heartbeat("1", { at, message });
      });
      for (let first = 0; first < beats.length; first += 40) {
        await store.record(beats.slice(first, first + 40));
        await store.endListening(START + DAY);
      }
      const sent = heartbeatsIn(path);

      await thin(store, START + 2 * DAY);

      const kept = new Set(heartbeatsIn(path).map(({ at }) => at));
      for (const { at } of sent) {
        assert.ok([...kept].some((each) => each <= at && at - each < APART), `${at - START}`);
      }
      assert.ok([...kept].every((at) => sent.some((beat) => beat.at === at)));
      assert.deepEqual(wrongIn(path), []);
    }),
    { numRuns: 50 },
  );
});

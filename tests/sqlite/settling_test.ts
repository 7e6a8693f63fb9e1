import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { MINUTE, SECOND } from "../../lib/clock.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { heartbeatsIn } from "../support/history.ts";
import { heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";
import { wrongIn } from "../support/verified.ts";

const EVERYTHING = {
  now: START,
  status: null,
  tag: null,
  text: null,
  order: "id" as const,
  after: null,
  limit: 10,
};

function waiting(path: string): number {
  using db = new DatabaseSync(path, { readOnly: true });
  return Number(db.prepare("SELECT COUNT(*) AS rows FROM journal").get()?.rows);
}

/** A database that was written to, and left as a process leaves it that is killed. */
async function left(path: string): Promise<void> {
  using store = await openStore({ path });
  await store.record([heartbeat("1"), heartbeat("2")]);
  await store.record([
    heartbeat("1", { at: START + MINUTE, message: "still here" }),
    heartbeat("1", { at: START + MINUTE + 1, kind: "log", message: "and busy" }),
  ]);
}

Deno.test("what was answered before a crash is there after it, whatever asks for it", async (t) => {
  const cases: readonly (readonly [
    string,
    (store: Awaited<ReturnType<typeof openStore>>) => Promise<unknown>,
    unknown,
  ])[] = [
    ["the app", async (store) => (await store.app("1"))?.lastHeartbeat?.message, "and busy"],
    [
      "the registry",
      async (store) =>
        (await store.apps(EVERYTHING)).apps.map(({ lastHeartbeat }) => lastHeartbeat?.at),
      [START + MINUTE + 1, START],
    ],
    [
      "its history",
      async (store) =>
        (await store.heartbeats("1", { limit: 9, cursor: null }))?.heartbeats.map(({ kind }) =>
          kind
        ),
      ["log", "success", "success"],
    ],
    ["the sweep", (store) => store.takeDown(START + SILENCE, 10), { down: 1, isMore: false }],
    ["the mark", (store) => store.heardUntil(), START + MINUTE + 1],
  ];
  for (const [name, ask, expected] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      await left(path);
      assert.equal(waiting(path), 1);
      assert.deepEqual(wrongIn(path), []);

      using store = await openStore({ path });
      const found = await ask(store);

      assert.deepEqual(found, expected);
      assert.equal(heartbeatsIn(path).length, 4);
      assert.deepEqual(wrongIn(path), []);
    });
  }
});

Deno.test("what waits goes into its tables with the next look, and nothing is left", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  await left(path);
  const before = heartbeatsIn(path);
  const clock = new FakeClock(START + 2 * MINUTE);
  using store = await openStore({ path, clock });
  await store.beginListening();
  await store.record([heartbeat("1", { at: START + 2 * MINUTE })]);

  clock.advance(SECOND / 4);
  await store.listen();

  assert.equal(waiting(path), 0);
  assert.deepEqual(heartbeatsIn(path).filter(({ at }) => at <= START + MINUTE + 1), before);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("an app that says the same again takes six characters a minute", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  for (let minute = 0; minute < 4; minute++) {
    await store.record([heartbeat("1", { at: START + minute * (MINUTE + 1) })]);
    await store.endListening(START + minute * (MINUTE + 1));
  }

  using db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare("SELECT beats FROM segments").all();

  assert.deepEqual(rows.map(({ beats }) => beats), [
    '[0,"success",null,"192.0.2.1","curl/8"],60001,60001,60001',
  ]);
});

Deno.test("however many apps are heard between two looks, so many wait and no more", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const apps = 60_000;
  const admission = { autoRegister: true, maxApps: apps, ignoredApps: new Set<string>() };
  using store = await openStore({ path, admission });
  for (const at of [START, START + 1]) {
    for (let first = 0; first < apps; first += 1_000) {
      await store.record(
        Array.from({ length: 1_000 }, (_, index) => heartbeat(String(first + index), { at })),
      );
    }
  }

  using db = new DatabaseSync(path, { readOnly: true });
  const settled = db.prepare("SELECT COUNT(*) AS apps FROM apps WHERE heartbeats = 2").get();

  assert.ok(Number(settled?.apps) >= 5_000, `${settled?.apps} are settled`);
  assert.ok(Number(settled?.apps) < apps / 2, "what is sent meanwhile is to be settled at one go");
});

Deno.test("an app that changes sides takes along what waited", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  await left(path);
  using store = await openStore({ path });

  await store.record([heartbeat("1", { at: START + MINUTE + 2, kind: "fail" })]);
  await store.record([heartbeat("1", { at: START + MINUTE + 3, kind: "fail" })]);

  assert.deepEqual(heartbeatsIn(path).filter(({ appId }) => appId === "1").map(({ at }) => at), [
    START,
    START + MINUTE,
    START + MINUTE + 1,
    START + MINUTE + 2,
    START + MINUTE + 3,
  ]);
  assert.equal((await store.app("1"))?.state.kind, "down");
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("a forgotten app's heartbeats do not come back from the journal", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  await left(path);
  {
    using store = await openStore({ path });
    await store.forget("1", START + 2 * MINUTE);
    await store.record([heartbeat("1", { at: START + 2 * MINUTE })]);
  }
  using store = await openStore({ path });

  const page = await store.heartbeats("1", { limit: 9, cursor: null });

  assert.deepEqual(page?.heartbeats.map(({ at }) => at), [START + 2 * MINUTE]);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("what could not be written is not remembered as if it had been", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1")]);
  {
    using foreign = new DatabaseSync(path);
    foreign.exec("BEGIN IMMEDIATE");
    await assert.rejects(store.record([heartbeat("1", { at: START + 1, message: "lost" })]));
  }

  await store.record([heartbeat("1", { at: START + 2, message: "kept" })]);

  assert.deepEqual(heartbeatsIn(path).map(({ at, number }) => [number, at]), [
    [1, START],
    [2, START + 2],
  ]);
  assert.deepEqual(wrongIn(path), []);
});

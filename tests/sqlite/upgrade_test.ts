import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, MINUTE } from "../../lib/clock.ts";
import { Database } from "../../lib/sqlite/database.ts";
import { MIGRATIONS } from "../../lib/sqlite/migrations.ts";
import { schemaFaults } from "../../lib/sqlite/schema.ts";
import { APPLICATION_ID, TABLES, VERSION } from "../../lib/sqlite/tables.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import {
  ADMIN,
  beginTry,
  DEFAULTS,
  heartbeat,
  openStore,
  SILENCE,
  temporaryFolder,
} from "../support/store.ts";
import { wrongIn } from "../support/verified.ts";

const DOWN_AT = START + SILENCE;

/** Databases as the versions before wrote them. */
const [VERSION_1 = "", VERSION_2 = ""] = [1, 2].map((version) =>
  Deno.readTextFileSync(new URL(`version_${version}.sql`, import.meta.url))
);

function schema(sql: string): readonly unknown[] {
  using db = new DatabaseSync(":memory:");
  db.exec(sql);
  return db.prepare("SELECT name, sql FROM sqlite_master ORDER BY name").all();
}

function make(path: string, version: string): void {
  using db = new DatabaseSync(path);
  db.exec(version);
}

Deno.test("the steps that made each version are as they were: there are databases of it", () => {
  assert.deepEqual(schema(MIGRATIONS[0] ?? ""), schema(VERSION_1));
  assert.deepEqual(schema(MIGRATIONS.slice(0, 2).join("")), schema(VERSION_2));
});

Deno.test("the steps lead to what a new file is made with, and to the same rows", () => {
  using stepped = new DatabaseSync(":memory:");
  using made = new DatabaseSync(":memory:");
  stepped.exec(MIGRATIONS.join(""));
  made.exec(TABLES);

  assert.equal(MIGRATIONS.length, VERSION);
  assert.deepEqual(schemaFaults(new Database(stepped)), []);
  const names = made.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all();
  for (const { name } of names) {
    const columns = `SELECT * FROM pragma_table_xinfo('${name}')`;
    assert.deepEqual(stepped.prepare(columns).all(), made.prepare(columns).all(), `${name}`);
    const rows = `SELECT * FROM ${name}`;
    assert.deepEqual(stepped.prepare(rows).all(), made.prepare(rows).all(), `${name}`);
  }
});

Deno.test("a database of version 1 goes on, with all that it owes", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  make(path, VERSION_1);
  const now = DOWN_AT + 2 * MINUTE;
  const settings = {
    defaults: DEFAULTS,
    ignoredApps: new Set<string>(),
    addresses: [ADMIN],
    hasMail: true,
  };

  using store = await openStore({ path, remindEvery: DAY, clock: new FakeClock(now) });
  await store.beginListening();
  await store.recover(now);
  await store.adopt(settings, now);
  await store.record([heartbeat("down", { at: now })]);
  const letter = await beginTry(store, { now });
  assert.ok(letter);
  await store.settle(letter, { outcome: "sent", reply: "250" }, now);
  const { queues } = await store.outbox();

  assert.deepEqual(wrongIn(path), []);
  assert.deepEqual(letter.mail.subject, "down failed, down full, back down, back back");
  assert.deepEqual(queues.map(({ owed, messages }) => ({ owed, messages })), [
    { owed: null, messages: [] },
  ]);
  await Deno.stat(`${path}.version-1`);
});

Deno.test("who is down since version 1 and was told of then is reminded of from then on", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  make(path, VERSION_1);

  using store = await openStore({ path, remindEvery: DAY });
  const { queues } = await store.outbox();

  assert.equal(queues[0]?.occasions.remindedAt, DOWN_AT);
});

Deno.test("a database of version 2 goes on, with every heartbeat in its order", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  make(path, VERSION_2);
  const sent = Array.from({ length: 120 }, (_, index) => index + 1).map((each) => ({
    at: START,
    kind: "success",
    message: each % 50 === 0 ? `"${each}"]` : each % 7 === 0 ? null : "OK",
    address: "192.0.2.1",
    userAgent: each > 100 ? null : "curl/8",
  }));
  const first = { ...sent[0], message: null };
  const last = { ...sent[0], at: START + 400, kind: "log", message: "the last" };
  const imported = {
    at: 1_700_000_000_000,
    kind: "success",
    message: "of old",
    address: null,
    userAgent: null,
  };

  using store = await openStore({ path });
  await store.record([heartbeat("up", { at: START + 500 })]);
  const page = await store.heartbeats("up", { limit: 200, cursor: null });

  assert.deepEqual(page?.heartbeats.slice(1), [last, ...sent.toReversed(), first, imported]);
  assert.equal(page?.heartbeats[0]?.at, START + 500);
  assert.equal(await store.heardUntil(), START + 500);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("the ledger of gaps keeps its rows, and takes the cause that is new", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const before = MIGRATIONS.length - 1;
  {
    using db = new DatabaseSync(path);
    for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
    db.exec(`
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${before};
      INSERT INTO gaps (id, began_at, ended_at, cause, moved, is_told)
      VALUES (3, 1000, 2000, 'off', 4, 1), (7, 3000, 3500, 'unstored', 0, 0);
    `);
  }
  const clock = new FakeClock();

  {
    using store = await openStore({ path, clock });
    await store.beginListening();
    store.reached(clock.now());
    store.unreached();
    clock.advance(MINUTE);
    await store.flush();
    await store.endListening(clock.now());
  }

  using db = new DatabaseSync(path);
  const rows = db.prepare("SELECT id, cause, moved, is_told FROM gaps ORDER BY id").all();
  const told = db.prepare("EXPLAIN QUERY PLAN SELECT id FROM gaps WHERE is_told = 1").get();
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    [3, "off", 4, 1],
    [7, "unstored", 0, 0],
    [8, "unreachable", 0, 0],
  ]);
  assert.match(String(told?.detail), /gaps_told/);
});

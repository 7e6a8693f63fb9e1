import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DAY, MINUTE } from "../../lib/clock.ts";
import { openBeside } from "../../lib/sqlite/database.ts";
import { MIGRATIONS } from "../../lib/sqlite/migrations.ts";
import { verify } from "../../lib/sqlite/verify.ts";
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

const DOWN_AT = START + SILENCE;

const VERSION_1 = Deno.readTextFileSync(new URL("version_1.sql", import.meta.url));

function schema(sql: string): readonly unknown[] {
  using db = new DatabaseSync(":memory:");
  db.exec(sql);
  return db.prepare("SELECT name, sql FROM sqlite_master ORDER BY name").all();
}

function makeVersion1(path: string): void {
  using db = new DatabaseSync(path);
  db.exec(VERSION_1);
}

Deno.test("the step that made version 1 is as it was: there are databases of it", () => {
  assert.deepEqual(schema(MIGRATIONS[0] ?? ""), schema(VERSION_1));
});

Deno.test("a database of version 1 goes on, with all that it owes", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  makeVersion1(path);
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

  using beside = openBeside(path);
  const { findings } = verify(beside);
  assert.deepEqual(findings.filter(({ faults }) => faults.length > 0), []);
  assert.deepEqual(letter.mail.subject, "down failed, down full, back back, back down");
  assert.deepEqual(queues.map(({ owed, messages }) => ({ owed, messages })), [
    { owed: null, messages: [] },
  ]);
  await Deno.stat(`${path}.version-1`);
});

Deno.test("who is down since version 1 and was told of then is reminded of from then on", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  makeVersion1(path);

  using store = await openStore({ path, remindEvery: DAY });
  const { queues } = await store.outbox();

  assert.equal(queues[0]?.occasions.remindedAt, DOWN_AT);
});

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { HOUR, SECOND } from "../../lib/clock.ts";
import type { Settings } from "../../lib/store.ts";
import { START } from "../support/fake_clock.ts";
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

const SETTINGS: Settings = {
  defaults: DEFAULTS,
  ignoredApps: new Set(),
  addresses: [ADMIN],
  hasMail: true,
};
const DOWN_AT = START + SILENCE;

function debts(path: string): readonly string[] {
  using db = new DatabaseSync(path, { readOnly: true });
  return db.prepare("SELECT address, state, reason FROM debts ORDER BY id").all()
    .map(({ address, state, reason }) => [address, state, reason ?? ""].join(" ").trim());
}

Deno.test("changed defaults move the deadlines of apps without their own, never to before now", async (t) => {
  const now = START + 10 * SECOND;
  const cases = [
    [{ period: HOUR, grace: 0 }, START + HOUR],
    [{ period: SECOND, grace: SECOND }, now],
    [DEFAULTS, START + SILENCE],
  ] as const;
  for (const [defaults, expected] of cases) {
    await t.step(JSON.stringify(defaults), async () => {
      using store = await openStore();
      await store.adopt(SETTINGS, START);
      await store.record([heartbeat("1")]);

      await store.adopt({ ...SETTINGS, defaults: { period: 2 * HOUR, grace: 0 } }, START);
      await store.adopt({ ...SETTINGS, defaults }, now);

      assert.equal(await store.nextDeadline(), expected);
    });
  }
});

Deno.test("an app that is ignored from now on is told of no more, and starts as new when it is not", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1"), heartbeat("2")]);
  await store.takeDown(DOWN_AT, 10);
  const ignoredApps = new Set(["1"]);

  await store.adopt({ ...SETTINGS, ignoredApps }, DOWN_AT);
  const ignored = await store.app("1");
  const suppressed = debts(path);
  await store.adopt(SETTINGS, DOWN_AT);

  assert.deepEqual([ignored?.isIgnored, ignored?.state.kind], [true, "new"]);
  assert.deepEqual(suppressed, [`${ADMIN} suppressed ignored`, `${ADMIN} waiting`]);
  assert.deepEqual((await store.app("1"))?.state, { kind: "new" });
  assert.equal((await store.app("1"))?.isIgnored, false);
});

Deno.test("a message with nothing left to tell is never sent", async () => {
  using store = await openStore();
  await store.record([heartbeat("1")]);
  await store.takeDown(DOWN_AT, 10);
  const attempt = await beginTry(store);
  assert.ok(attempt);
  await store.settle(attempt, { outcome: "unanswered", reason: "", hint: null }, DOWN_AT);

  await store.adopt({ ...SETTINGS, ignoredApps: new Set(["1"]) }, DOWN_AT);

  assert.deepEqual((await store.outbox()).queues[0]?.messages, []);
});

Deno.test("what a removed address is owed is suppressed", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path, addresses: [ADMIN, "gone@example.org"] });
  await store.record([heartbeat("1")]);
  await store.takeDown(DOWN_AT, 10);

  await store.adopt(SETTINGS, DOWN_AT);

  assert.deepEqual(debts(path), [
    `${ADMIN} waiting`,
    "gone@example.org suppressed address removed",
  ]);
});

Deno.test("once mail is set up, what is still down is told and the rest is a count", async (t) => {
  for (const before of [[], [ADMIN]]) {
    await t.step(before.length === 0 ? "there was no address" : "there was no server", async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      {
        using store = await openStore({ path, addresses: before });
        await store.adopt({ ...SETTINGS, addresses: before, hasMail: false }, START);
        await store.record([heartbeat("1"), heartbeat("2")]);
        await store.takeDown(DOWN_AT, 10);
        await store.record([heartbeat("2", { at: DOWN_AT + SECOND })]);
      }

      using store = await openStore({ path });
      await store.adopt(SETTINGS, DOWN_AT + HOUR);
      const attempt = await beginTry(store);

      assert.equal(attempt?.mail.subject, "down 1, stale 2");
      assert.deepEqual(wrongIn(path), []);
    });
  }
});

Deno.test("news that nobody was owed is told, also if a crash hid that mail was not set up", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  {
    using store = await openStore({ path });
    await store.adopt(SETTINGS, START);
    await store.record([heartbeat("1")]);
  }
  {
    // Started without an address, and killed before that was noted.
    using store = await openStore({ path, addresses: [] });
    await store.takeDown(DOWN_AT, 10);
  }

  using store = await openStore({ path });
  await store.adopt(SETTINGS, DOWN_AT);

  assert.equal((await beginTry(store))?.mail.subject, "down 1");
});

Deno.test("while mail is not set up debts wait, though there is no address any more", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.adopt(SETTINGS, START);
  await store.record([heartbeat("1")]);
  await store.takeDown(DOWN_AT, 10);

  await store.adopt({ ...SETTINGS, addresses: [], hasMail: false }, DOWN_AT);

  assert.deepEqual(debts(path), [`${ADMIN} waiting`]);
});

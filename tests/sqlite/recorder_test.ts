import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { SECOND } from "../../lib/clock.ts";
import { NO_SETTINGS } from "../../lib/registry.ts";
import type { Recorded } from "../../lib/store.ts";
import { START } from "../support/fake_clock.ts";
import { rows } from "../support/beside.ts";
import { heartbeatsIn } from "../support/history.ts";
import { heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";

Deno.test("a heartbeat is on disk, with its sender, when it is answered", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });

  const receipts = await store.record([heartbeat("23", { message: "OK:200" })]);

  assert.deepEqual(receipts, [{ appId: "23", status: "up", isSpared: false }]);
  assert.deepEqual(heartbeatsIn(path), [{
    appId: "23",
    number: 1,
    at: START,
    kind: "success",
    message: "OK:200",
    address: "192.0.2.1",
    userAgent: "curl/8",
  }]);
});

Deno.test("requests that come together are one transaction", async () => {
  using store = await openStore();
  let commits = 0;
  store.onChange(() => commits++);

  await Promise.all([
    store.record([heartbeat("1")]),
    store.record([heartbeat("2"), heartbeat("1", { at: START + 1 })]),
    store.record([heartbeat("3")]),
  ]);

  assert.equal(commits, 1);
  assert.equal((await store.app("1"))?.lastHeartbeat?.at, START + 1);
});

Deno.test("a known app counts beside unknown ones, where none may register itself", async () => {
  using store = await openStore({
    admission: { autoRegister: false, maxApps: 100, ignoredApps: new Set() },
  });
  await store.register("1", NO_SETTINGS, START);

  const recorded = await store.record([heartbeat("2"), heartbeat("1"), heartbeat("2")]);

  const refused = {
    why: "unknown_app",
    message: 'App "2" is not registered, and AUTO_REGISTER is false',
  };
  assert.deepEqual(recorded, [refused, { appId: "1", status: "up", isSpared: false }, refused]);
  assert.equal(await store.app("2"), null);
});

Deno.test("no more apps register themselves than there may be, and known ones go on", async () => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 3, ignoredApps: new Set() },
  });
  await store.record([heartbeat("1"), heartbeat("2")]);

  const [many, one, known] = await Promise.all([
    store.record(["3", "1", "4", "3"].map((appId) => heartbeat(appId, { at: START + 1 }))),
    store.record([heartbeat("5")]),
    store.record([heartbeat("2", { at: START + 2 })]),
  ]);

  assert.deepEqual(many.map(outcomeOf), ["up", "up", "too_many_apps", "up"]);
  assert.deepEqual(one.map(outcomeOf), ["too_many_apps"]);
  assert.deepEqual(known.map(outcomeOf), ["up"]);
  assert.equal((await store.app("1"))?.lastHeartbeat?.at, START + 1);
  assert.equal(await store.app("4"), null);
});

Deno.test("an ignored app is recorded and never judged", async () => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 2, ignoredApps: new Set(["1"]) },
  });

  const receipts = await store.record([heartbeat("1"), heartbeat("1", { kind: "fail" })]);

  const receipt = { appId: "1", status: "ignored", isSpared: false };
  assert.deepEqual(receipts, [receipt, receipt]);
  assert.equal((await store.takeDown(START + 10 * SILENCE, 10)).down, 0);
});

Deno.test("what cannot be stored is refused, and stored again once it can be", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const failures: unknown[] = [];
  using store = await openStore({ path, onFailure: (error) => failures.push(error) });
  using foreign = new DatabaseSync(path);
  foreign.exec("BEGIN IMMEDIATE");

  const refused = await Promise.allSettled([
    store.record([heartbeat("1")]),
    store.record([heartbeat("2")]),
  ]);
  const during = await store.health();
  foreign.exec("ROLLBACK");
  await store.record([heartbeat("3")]);

  for (const each of refused) {
    assert.equal(each.status, "rejected");
    assert.equal(each.reason.code, "unavailable");
  }
  assert.match(during.failure?.reason ?? "", /locked/);
  assert.equal(failures.length, 1); // the group; none would fare better alone
  assert.equal((await store.health()).failure, null);
  assert.equal(await store.app("1"), null);
  assert.notEqual(await store.app("3"), null);
});

Deno.test("a heartbeat after its deadline takes the app down first, at the deadline, and owes both", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1", { message: "last words" })]);

  await store.record([heartbeat("1", { at: START + SILENCE + 5 * SECOND, message: "here" })]);

  assert.deepEqual(
    rows(path, "SELECT at, from_state, to_state, reason, message, ends FROM flips ORDER BY id")
      .map((row) => ({ ...row })),
    [
      {
        at: START,
        from_state: "new",
        to_state: "up",
        reason: "heartbeat",
        message: "last words",
        ends: null,
      },
      {
        at: START + SILENCE,
        from_state: "up",
        to_state: "down",
        reason: "silence",
        message: "last words",
        ends: null,
      },
      {
        at: START + SILENCE + 5 * SECOND,
        from_state: "down",
        to_state: "up",
        reason: "heartbeat",
        message: "here",
        ends: 2,
      },
    ],
  );
  const debts = rows(path, "SELECT flip, state FROM debts ORDER BY id").map((row) => ({ ...row }));
  assert.deepEqual(debts, [
    { flip: 2, state: "waiting" },
    { flip: 3, state: "waiting" },
  ]);
});

/** What became of a heartbeat. */
function outcomeOf(recorded: Recorded): string {
  return "why" in recorded ? recorded.why : recorded.status;
}

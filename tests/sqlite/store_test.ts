import assert from "node:assert/strict";
import { SECOND } from "../../lib/clock.ts";
import { START } from "../support/fake_clock.ts";
import { heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";

Deno.test("apps are taken down at their deadlines, not a millisecond before", async () => {
  using store = await openStore();
  await store.record([heartbeat("1"), heartbeat("2", { at: START + 1 })]);

  const before = await store.takeDown(START + SILENCE - 1, 10);
  const at = await store.takeDown(START + SILENCE, 10);

  assert.deepEqual([before.down, at.down], [0, 1]);
  assert.deepEqual((await store.app("1"))?.state, { kind: "down", since: START + SILENCE });
  assert.equal((await store.app("2"))?.state.kind, "up");
  assert.equal(await store.nextDeadline(), START + 1 + SILENCE);
});

Deno.test("a sweep is cut into steps, the longest overdue first, then by id", async () => {
  using store = await openStore();
  await store.record([
    heartbeat("b"),
    heartbeat("late", { at: START + SECOND }),
    heartbeat("a"),
  ]);

  const steps = [];
  for (let step = 0; step < 4; step++) {
    steps.push(await store.takeDown(START + 2 * SILENCE, 1));
    const apps = await Promise.all(["a", "b", "late"].map((id) => store.app(id)));
    steps.push(apps.map((app) => app?.state.kind).join(" "));
  }

  assert.deepEqual(steps, [
    { down: 1, isMore: true },
    "down up up",
    { down: 1, isMore: true },
    "down down up",
    { down: 1, isMore: true },
    "down down down",
    { down: 0, isMore: false },
    "down down down",
  ]);
  assert.equal(await store.nextDeadline(), null);
});

Deno.test("all is as it was after a restart", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const apps = async () => {
    using store = await openStore({ path });
    const query = {
      now: START,
      status: null,
      tag: null,
      text: null,
      order: "id" as const,
      after: null,
      limit: 10,
    };
    return [await store.apps(query), await store.nextDeadline(), await store.outbox()];
  };
  {
    using store = await openStore({ path });
    await store.record([heartbeat("1"), heartbeat("2", { kind: "fail", message: "oh" })]);
    await store.record([heartbeat("3", { kind: "start" })]);
  }

  const once = await apps();
  const twice = await apps();

  assert.deepEqual(twice, once);
  assert.equal(once[1], START + SILENCE);
});

Deno.test("a pass opens once, and not after its time; an admin token replaces the one before", async () => {
  using store = await openStore();
  await store.addToken({ hash: "one", purpose: "admin", expiresAt: null });
  await store.addToken({ hash: "two", purpose: "admin", expiresAt: null });
  await store.addToken({ hash: "pass", purpose: "pass", expiresAt: START + 1 });
  await store.addToken({ hash: "late", purpose: "pass", expiresAt: START });

  const admitted = [];
  for (const hash of ["one", "two", "two", "late", "pass", "pass", "none"]) {
    admitted.push(await store.admits(hash, START));
  }

  assert.deepEqual(admitted, [null, "admin", "admin", null, "pass", null, null]);
});

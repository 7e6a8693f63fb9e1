import assert from "node:assert/strict";
import { MINUTE } from "../../lib/clock.ts";
import { START } from "../support/fake_clock.ts";
import { beginTry, heartbeat, openStore } from "../support/store.ts";

const NOW = START + MINUTE;

Deno.test("a message is found with its text as it was last written, and with what it settles", async () => {
  using store = await openStore();
  await store.register("a", { ...NOTHING, name: "Shop" }, START);
  await store.record(["a", "b"].map((app) => heartbeat(app, { kind: "fail" })));
  const first = await beginTry(store, { now: NOW });
  assert.ok(first);
  await store.settle(first, { outcome: "deferred", reason: "451 later", hint: null }, NOW);
  await store.pause("b", NOW + 1);
  const second = await beginTry(store, { now: NOW + MINUTE });
  assert.ok(second);
  await store.settle(second, { outcome: "sent", reply: "250 ok" }, NOW + MINUTE);

  const message = await store.message(first.id, 10);

  const fall = { change: "failed", at: START };
  assert.deepEqual(message, {
    id: first.id,
    messageId: "<1@example.org>",
    kind: "news",
    address: "admin@example.org",
    state: "sent",
    subject: "down a",
    tries: 2,
    nextTryAt: null,
    takenAt: NOW + MINUTE,
    reply: "250 ok",
    debts: { waiting: 0, sent: 1, suppressed: 1, failed: 0 },
    begunAt: NOW,
    writtenAt: NOW + MINUTE,
    isFrozen: false,
    text: "down a",
    html: "down a",
    news: [
      { ...fall, appId: "a", appName: "Shop", state: "sent", reason: null },
      { ...fall, appId: "b", appName: null, state: "suppressed", reason: "paused" },
    ],
  });
});

Deno.test("of a message's news no more is read than was asked for, and all of it is counted", async () => {
  using store = await openStore();
  await store.record(["a", "b", "c"].map((app) => heartbeat(app, { kind: "fail" })));
  const attempt = await beginTry(store, { now: NOW });
  assert.ok(attempt);

  const message = await store.message(attempt.id, 2);

  assert.deepEqual(message?.news.map(({ appId }) => appId), ["a", "b"]);
  assert.equal(message?.debts.waiting, 3);
});

Deno.test("a message that there is not is null", async () => {
  using store = await openStore();

  const message = await store.message(1, 10);

  assert.equal(message, null);
});

/** Settings of an app that sets none. */
const NOTHING = {
  name: null,
  tags: [],
  note: null,
  period: null,
  grace: null,
};

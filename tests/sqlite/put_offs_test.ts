import assert from "node:assert/strict";
import { HOUR, type Instant, MINUTE } from "../../lib/clock.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import type { Delivery } from "../../lib/outbox.ts";
import { type FakeClock, START } from "../support/fake_clock.ts";
import { type Listener, listeningStore } from "../support/listener.ts";
import { beginTry, heartbeat } from "../support/store.ts";

const DEFAULTS = { period: 2 * HOUR, grace: HOUR };

const SENT: Delivery = { outcome: "sent", reply: "250 OK" };
const DEFERRED: Delivery = { outcome: "deferred", reason: "not now", hint: null };

/** An app of which people are to be told, since its deadline, that nobody knows how it is. */
async function unknownApp(): Promise<Listener> {
  const listener = await listeningStore({ defaults: DEFAULTS });
  const { store, clock, deafen } = listener;
  await store.record([heartbeat("a")]);
  clock.moveTo(START + 90 * MINUTE);
  await deafen(10 * MINUTE);
  clock.moveTo(START + 3 * HOUR);
  await store.takeDown(clock.now(), 10);
  return listener;
}

/** Two hours more in which nothing could be heard: its alarm is put off again. */
async function putOffAgain({ store, clock, deafen }: Listener): Promise<void> {
  clock.moveTo(START + 3 * HOUR + 10 * MINUTE);
  await deafen(2 * HOUR);
  await store.takeDown(clock.now(), 10);
}

/** Tells what there is by now, and returns the letter; null for none. */
async function tell(
  { store, clock }: { readonly store: SqliteStore; readonly clock: FakeClock },
  outcome = SENT,
): Promise<string | null> {
  clock.advance(1);
  const messageId = `<${clock.now()}@example.org>`;
  const attempt = await beginTry(store, { now: clock.now(), messageId });
  if (attempt === null) return null;
  await store.settle(attempt, outcome, clock.now());
  return attempt.mail.text;
}

function hours(hours: number, minutes = 0): Instant {
  return START + hours * HOUR + minutes * MINUTE;
}

Deno.test("who was heard while the letter was tried in vain is not called unknown at the next try", async () => {
  const { store, clock } = await unknownApp();
  using _ = store;

  const attempt = await beginTry(store, { now: clock.now() });
  assert.ok(attempt);
  await store.record([heartbeat("a", { at: clock.now() })]);
  await store.settle(attempt, DEFERRED, clock.now());
  const again = await tell({ store, clock });

  assert.equal(attempt.mail.text, `unknown a ${hours(3)}`);
  assert.equal(again, null);
  assert.deepEqual((await store.outbox()).queues[0]?.messages, []);
});

Deno.test("who fell while the letter was tried in vain is told of as down alone", async () => {
  const { store, clock } = await unknownApp();
  using _ = store;

  const attempt = await beginTry(store, { now: clock.now() });
  assert.ok(attempt);
  await store.record([heartbeat("a", { at: clock.now(), kind: "fail" })]);
  await store.settle(attempt, DEFERRED, clock.now());
  const again = await tell({ store, clock });

  assert.equal(again, "down a");
});

Deno.test("what was taken though its app was heard meanwhile is set right by the next letter", async () => {
  const { store, clock } = await unknownApp();
  using _ = store;

  const attempt = await beginTry(store, { now: clock.now() });
  assert.ok(attempt);
  await store.record([heartbeat("a", { at: clock.now() })]);
  await store.settle(attempt, SENT, clock.now());
  await store.record([heartbeat("b", { at: clock.now(), kind: "fail" })]);

  assert.equal(await tell({ store, clock }), `down b, heard a ${hours(3)}`);
});

Deno.test("an alarm put off again before anybody could be told is told of once, as it is by now", async () => {
  const listener = await unknownApp();
  using _ = listener.store;

  await tell(listener, DEFERRED);
  await putOffAgain(listener);
  const letter = await tell(listener);

  assert.equal(letter, `unknown a ${hours(4, 40)}`);
  assert.equal(await tell(listener), null);
});

Deno.test("whose alarm a set clock put off is unknown from its old deadline on, though people want no alarm now", async () => {
  const defaults = { period: 2 * HOUR, grace: 10 * MINUTE };
  const { store, clock } = await listeningStore({ defaults });
  using _ = store;
  await store.record([heartbeat("a")]);
  const promisedAt = hours(2, 10);
  // Nothing was due yet, so nothing was missed; but the machine may have slept.
  clock.set(70 * MINUTE);
  await store.listen();
  await store.snooze("a", hours(3), clock.now());
  const query = { status: "unknown", tag: null, text: null, order: "id", after: null } as const;

  clock.moveTo(promisedAt);
  await store.takeDown(clock.now(), 10);
  const { apps: counts } = await store.tally(clock.now());
  const { apps: listed } = await store.apps({ ...query, now: clock.now(), limit: 10 });
  clock.moveTo(hours(3, 5));
  await store.takeDown(clock.now(), 10);
  await store.record([heartbeat("a", { at: clock.now() })]);
  const doubts = (await store.doubts(["a"], START)).get("a");

  assert.deepEqual([counts.unknown, counts.late], [1, 0]);
  assert.deepEqual(listed.map(({ id }) => id), ["a"]);
  assert.deepEqual(doubts?.spans, [{ from: promisedAt, to: hours(3, 5) }]);
});

Deno.test("a gap that comes once nobody knows how an app is leaves it unknown since before that", async () => {
  const defaults = { period: 2 * HOUR, grace: 10 * MINUTE };
  const { store, clock, deafen } = await listeningStore({ defaults });
  using _ = store;
  await store.record([heartbeat("a")]);
  const promisedAt = hours(2, 10);
  clock.set(70 * MINUTE);
  await store.listen();
  clock.moveTo(promisedAt);
  await store.takeDown(clock.now(), 10);

  clock.moveTo(hours(2, 30));
  await deafen(MINUTE);
  clock.moveTo(hours(3));
  await store.record([heartbeat("a", { at: clock.now() })]);

  const doubts = (await store.doubts(["a"], START)).get("a");
  assert.deepEqual(doubts?.spans, [{ from: promisedAt, to: hours(3) }]);
});

Deno.test("who was called unknown twice was heard after all once", async () => {
  const listener = await unknownApp();
  const { store, clock } = listener;
  using _ = store;

  const first = await tell(listener);
  await putOffAgain(listener);
  const second = await tell(listener);
  const at = clock.now();
  await store.record([heartbeat("a", { at }), heartbeat("b", { at, kind: "fail" })]);
  const third = await tell(listener);
  await store.record([heartbeat("c", { at, kind: "fail" })]);

  assert.equal(first, `unknown a ${hours(3)}`);
  assert.equal(second, `unknown a ${hours(4, 40)}`);
  assert.equal(third, `down b, heard a ${at}`);
  assert.equal(await tell(listener), "down c, still b");
});

Deno.test("who was called unknown, and is heard before that could be said again, was heard after all", async () => {
  const listener = await unknownApp();
  const { store, clock } = listener;
  using _ = store;

  await tell(listener);
  await putOffAgain(listener);
  const at = clock.now();
  await store.record([heartbeat("a", { at }), heartbeat("b", { at, kind: "fail" })]);

  assert.equal(await tell(listener), `down b, heard a ${at}`);
});

import assert from "node:assert/strict";
import { Arrivals } from "../lib/arrivals.ts";
import { SECOND } from "../lib/clock.ts";
import { makeLog } from "../lib/log.ts";
import type { Connection, Mailer } from "../lib/outbox.ts";
import type { SqliteStore } from "../lib/sqlite/store.ts";
import { Watch } from "../lib/watch.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import { ADMIN, heartbeat, openStore, plainLetter, SILENCE } from "./support/store.ts";

const TIMING = {
  digestWindow: 3 * SECOND,
  mailInterval: 60 * SECOND,
  remindEvery: null,
  mailProof: null,
};

/** A mailer that counts who connects at once, and takes every letter when told to. */
class SlowMailer implements Mailer {
  connecting = 0;
  connectingAtMost = 0;
  readonly #gate = Promise.withResolvers<void>();

  async connect(): Promise<Connection> {
    this.connectingAtMost = Math.max(this.connectingAtMost, ++this.connecting);
    await Promise.resolve();
    this.connecting--;
    const send = async () => {
      await this.#gate.promise;
      return { outcome: "sent", reply: "250 OK" } as const;
    };
    return { outcome: "ready", session: { send, close: () => {} } };
  }

  letGo(): void {
    this.#gate.resolve();
  }
}

function watchOver(store: SqliteStore, clock: FakeClock, mailer: Mailer | null = null): Watch {
  let messages = 0;
  return new Watch({
    store,
    arrivals: new Arrivals(),
    mailer,
    clock,
    timing: TIMING,
    log: makeLog({ level: "error", format: "text", clock, write: () => {} }),
    write: plainLetter,
    messageId: () => `<${++messages}@example.org>`,
    signal: new AbortController().signal,
  });
}

Deno.test("a heartbeat that waits to be written when its deadline passes is in time", async (t) => {
  for (const [name, at, down] of [["before it", SILENCE - 1, 0], ["at it", SILENCE, 1]] as const) {
    await t.step(name, async () => {
      using store = await openStore();
      const clock = new FakeClock();
      await store.record([heartbeat("23")]);
      const queued = store.record([heartbeat("23", { at: START + at })]);
      clock.advance(SILENCE + SECOND);

      const swept = await watchOver(store, clock).sweep();

      await queued;
      assert.equal(swept, 0); // the heartbeat itself took it down, where it came too late
      assert.equal((await store.outbox()).queues[0]?.owed === null ? 0 : 1, down);
    });
  }
});

Deno.test("a sweep takes down as many apps as there are, step by step", async () => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 10_000, ignoredApps: new Set() },
  });
  const clock = new FakeClock();
  await store.record(Array.from({ length: 1_234 }, (_, id) => heartbeat(String(id))));
  let steps = 0;
  store.onChange(() => steps++);
  clock.advance(SILENCE);

  const swept = await watchOver(store, clock).sweep();

  assert.equal(swept, 1_234);
  assert.equal(steps, 13);
});

Deno.test("sweeps that are asked for at once take turns, so that heartbeats come between all steps", async () => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 10_000, ignoredApps: new Set() },
  });
  const clock = new FakeClock();
  await store.record(Array.from({ length: 1_234 }, (_, id) => heartbeat(String(id))));
  clock.advance(SILENCE);
  const watch = watchOver(store, clock);

  const swept = await Promise.all([watch.sweep(), watch.sweep()]);

  assert.deepEqual(swept, [1_234, 0]);
});

Deno.test("letters go to several addresses at once, but only one connects at a time", async () => {
  const addresses = Array.from({ length: 10 }, (_, each) => `${each}@example.org`);
  using store = await openStore({ addresses });
  const clock = new FakeClock();
  const mailer = new SlowMailer();
  const watch = watchOver(store, clock, mailer);
  await store.record([heartbeat("23", { kind: "fail" })]);
  clock.advance(TIMING.digestWindow);

  const first = watch.deliver();
  const atOnce = await watch.deliver(); // the rest would be too many at once
  mailer.letGo();

  assert.deepEqual(atOnce, { sent: 0, waiting: 0 });
  assert.deepEqual(await first, { sent: 8, waiting: 0 });
  assert.deepEqual(await watch.deliver(), { sent: 2, waiting: 0 });
  assert.equal(mailer.connectingAtMost, 1);
});

Deno.test("an address has one try under way, however often it is looked", async () => {
  using store = await openStore();
  const clock = new FakeClock();
  const mailer = new SlowMailer();
  const watch = watchOver(store, clock, mailer);
  await store.record([heartbeat("23", { kind: "fail" })]);
  clock.advance(TIMING.digestWindow);

  const first = watch.deliver();
  const second = await watch.deliver({ isRetryNow: true });
  const next = await watch.nextTryAt();
  mailer.letGo();

  assert.deepEqual(second, { sent: 0, waiting: 0 });
  assert.equal(next, null);
  assert.deepEqual(await first, { sent: 1, waiting: 0 });
});

Deno.test("while mail is not set up nothing is tried, and nothing is lost", async () => {
  using store = await openStore();
  const clock = new FakeClock();
  const watch = watchOver(store, clock);
  await store.record([heartbeat("23", { kind: "fail" })]);
  clock.advance(TIMING.digestWindow);

  assert.equal(await watch.nextTryAt(), null);
  assert.deepEqual(await watch.deliver(), { sent: 0, waiting: 0 });
  const [queue] = (await store.outbox()).queues;
  assert.deepEqual([queue?.address, queue?.owed?.firstAt], [ADMIN, START]);
});

import assert from "node:assert/strict";
import { Arrivals } from "../lib/arrivals.ts";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { makeLog } from "../lib/log.ts";
import type { Mailer } from "../lib/outbox.ts";
import type { SqliteStore } from "../lib/sqlite/store.ts";
import { Watch } from "../lib/watch.ts";
import { FakeClock, START } from "./support/fake_clock.ts";
import { quiet, SilentServer } from "./support/fake_mail.ts";
import { ADMIN, heartbeat, openStore, plainLetter, SILENCE } from "./support/store.ts";

const TIMING = {
  digestWindow: 3 * SECOND,
  mailInterval: 60 * SECOND,
  remindEvery: null,
  mailProof: null,
};

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

/** Owed a fall to these addresses, and the digest window over. */
async function owing(addresses: readonly string[] = [ADMIN]) {
  const clock = new FakeClock();
  const store = await openStore({ addresses, clock });
  const server = new SilentServer();
  const watch = watchOver(store, clock, server);
  await store.record([heartbeat("23", { kind: "fail" })]);
  clock.advance(TIMING.digestWindow);
  /** Another app falls, and it is time to tell that. */
  const fall = async (app: string) => {
    await store.record([heartbeat(app, { kind: "fail", at: clock.now() })]);
    clock.advance(TIMING.digestWindow);
  };
  const subjects = () => server.letters.map(({ mail }) => mail.subject);
  return { clock, store, server, watch, fall, subjects };
}

const SENT = { outcome: "sent", reply: "250 OK" } as const;

Deno.test("letters go to several addresses at once", async () => {
  const addresses = Array.from({ length: 5 }, (_, each) => `${each}@example.org`);
  const { store, server, watch } = await owing(addresses);
  using _store = store;

  const delivering = watch.deliver();
  for (let each = 1; each <= 5; each++) {
    await server.asked("call", each);
    await server.letIn();
  }
  const told = server.letters.map(({ mail }) => mail.to);
  for (const { answer } of server.letters) answer(SENT);

  assert.deepEqual(told, addresses);
  assert.deepEqual(await delivering, { sent: 5, waiting: 0, trying: 0 });
  assert.equal(server.closed, 5);
});

Deno.test("an address has one try under way, however often it is looked", async () => {
  const { clock, store, server, watch, fall } = await owing();
  using _store = store;

  const first = watch.deliver();
  await server.letIn();
  await fall("other");
  const second = await watch.deliver({ isRetryNow: true });
  const next = await watch.nextTryAt();
  server.letters[0]?.answer(SENT);

  assert.deepEqual(second, { sent: 0, waiting: 0, trying: 1 });
  assert.equal(next, clock.now() + 2 * MINUTE - TIMING.digestWindow);
  assert.deepEqual(await first, { sent: 1, waiting: 0, trying: 0 });
});

Deno.test("news that comes while the server has a letter goes by a second connection after two minutes, and none is told twice", async () => {
  const { clock, store, server, watch, fall, subjects } = await owing();
  using _store = store;

  const first = watch.deliver();
  await server.letIn();
  await fall("other");
  clock.advance(2 * MINUTE - TIMING.digestWindow - 1);
  const early = await watch.deliver();
  clock.advance(1);
  const second = watch.deliver();
  await server.asked("call", 2);
  await server.letIn();
  await fall("third");
  clock.advance(HOUR);
  const third = await watch.deliver(); // two at once are enough
  server.letters[1]?.answer(SENT);
  server.letters[0]?.answer(SENT);
  const sent = [(await first).sent, (await second).sent];

  assert.deepEqual([early.trying, third.trying], [1, 2]);
  assert.deepEqual(subjects(), ["down 23", "down other, still 23"]);
  assert.deepEqual(sent, [1, 1]);
  assert.equal(server.calls.length, 2);
});

Deno.test("where the first connection was never greeted the second tells all, and the first then nothing", async () => {
  const { clock, store, server, watch, subjects } = await owing();
  using _store = store;

  const first = watch.deliver();
  await server.asked("call", 1);
  clock.advance(2 * MINUTE);
  const second = watch.deliver();
  await quiet();
  clock.advance(2 * SECOND); // behind the first
  await server.asked("call", 2);
  await server.letIn();
  server.letters[0]?.answer(SENT);
  await second;
  server.calls[0]?.answer("greet");
  await server.asked("login", 2);
  server.logins[1]?.answer("let in");

  assert.equal((await first).sent, 0);
  assert.deepEqual(subjects(), ["down 23"]);
  assert.equal(server.closed, 2);
});

Deno.test("what came since a second connection told the rest waits for the digest window as ever", async () => {
  const { clock, store, server, watch, subjects } = await owing();
  using _store = store;

  const first = watch.deliver();
  await server.asked("call", 1);
  clock.advance(2 * MINUTE);
  const second = watch.deliver();
  await quiet();
  clock.advance(2 * SECOND);
  await server.asked("call", 2);
  await server.letIn();
  server.letters[0]?.answer(SENT);
  await second;
  await store.record([heartbeat("other", { kind: "fail", at: clock.now() })]);
  server.calls[0]?.answer("greet");
  await server.asked("login", 2);
  server.logins[1]?.answer("let in");
  await first;

  assert.deepEqual(subjects(), ["down 23"]);
  assert.equal((await store.outbox()).queues[0]?.owed?.firstAt, clock.now());
});

Deno.test("what an app does while its fall is on its way waits for that letter, and is told rightly after it", async () => {
  const { clock, store, server, watch, fall, subjects } = await owing();
  using _store = store;

  const first = watch.deliver();
  await server.letIn();
  await store.record([heartbeat("23", { at: clock.now() })]);
  clock.advance(2 * MINUTE);
  const onlyThat = await watch.nextTryAt();
  await fall("other");
  const second = watch.deliver();
  await server.asked("call", 2);
  await server.letIn();
  server.letters[1]?.answer(SENT);
  await second;
  server.letters[0]?.answer({ outcome: "deferred", reason: "451 later", hint: null });
  await first;
  clock.advance(15 * SECOND);
  const again = watch.deliver();
  await server.asked("call", 3);
  await server.letIn();
  server.letters[2]?.answer(SENT);
  await again;

  assert.equal(onlyThat, null);
  assert.deepEqual(subjects(), ["down 23", "down other", "away 23, still other"]);
});

Deno.test("a message is tried by one connection at a time, however long that takes", async () => {
  const { clock, store, server, watch, fall } = await owing();
  using _store = store;
  const first = watch.deliver();
  await server.letIn();
  server.letters[0]?.answer({ outcome: "deferred", reason: "451 later", hint: null });
  await first;
  clock.advance(15 * SECOND);

  void watch.deliver();
  await server.asked("call", 2);
  await fall("other");
  clock.advance(HOUR);
  const next = await watch.nextTryAt();
  const more = await watch.deliver();

  assert.equal(next, null);
  assert.equal(more.trying, 1);
  assert.equal(server.calls.length, 2);
});

Deno.test("what comes of tries is waited for only so long, and they go on", async () => {
  const { clock, store, server, watch } = await owing();
  using _store = store;

  const delivering = watch.deliver({ isRetryNow: true, patience: 30 * SECOND });
  await server.asked("call", 1);
  clock.advance(30 * SECOND);
  const delivered = await delivering;
  await server.letIn();

  assert.deepEqual(delivered, { sent: 0, waiting: 0, trying: 1 });
  assert.equal(server.letters.length, 1);
});

Deno.test("while mail is not set up nothing is tried, and nothing is lost", async () => {
  using store = await openStore();
  const clock = new FakeClock();
  const watch = watchOver(store, clock);
  await store.record([heartbeat("23", { kind: "fail" })]);
  clock.advance(TIMING.digestWindow);

  assert.equal(await watch.nextTryAt(), null);
  assert.deepEqual(await watch.deliver(), { sent: 0, waiting: 0, trying: 0 });
  const [queue] = (await store.outbox()).queues;
  assert.deepEqual([queue?.address, queue?.owed?.firstAt], [ADMIN, START]);
});

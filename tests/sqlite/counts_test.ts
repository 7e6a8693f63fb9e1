import assert from "node:assert/strict";
import fc from "fast-check";
import { HOUR, MINUTE, SECOND } from "../../lib/clock.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
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
import { verdictOn } from "../support/verified.ts";

const OTHER = "other@example.org";
const SETTINGS = { defaults: DEFAULTS, addresses: [ADMIN, OTHER], hasMail: true };

/** Never late, so that no gap is found that a test did not make. */
const CADENCE = { lookEvery: 2 * HOUR, markEvery: Infinity };

Deno.test("the account of debts is that of verify, whatever happened, and whenever it was first asked for", async () => {
  const app = fc.constantFrom("a", "b", "c");
  const step = fc.record({
    app,
    does: fc.constantFrom(
      ...["success", "fail", "pause", "resume", "forget", "snooze", "mute", "unmute"] as const,
      ...["sweep", "send", "refuse", "prune", "ignore", "ask", "restart"] as const,
    ),
    wait: fc.constantFrom(0, SECOND, SILENCE),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      const clock = new FakeClock();
      const open = () => openStore({ path, clock, addresses: [ADMIN, OTHER], cadence: CADENCE });
      let store = await open();
      try {
        for (const { app, does, wait } of steps) {
          clock.advance(wait);
          if (does === "restart") {
            store[Symbol.dispose]();
            store = await open();
          } else await happen(store, { app, does, now: clock.now() });
        }

        const { debts } = await store.figures();

        assert.deepEqual(debts, verdictOn(path).account);
      } finally {
        store[Symbol.dispose]();
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("debts that were there before are counted once, while others are made", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const before = 25_000;
  {
    using store = await openStore({ path, admission: admitting(before) });
    for (let first = 0; first < before; first += 1_000) {
      await store.record(
        Array.from(
          { length: 1_000 },
          (_, index) => heartbeat(`app-${first + index}`, { kind: "fail" }),
        ),
      );
    }
  }
  using store = await openStore({ path, admission: admitting(before) });
  await store.pause("app-1", START);

  const asked = store.figures();
  await store.pause("app-2", START);
  await store.record([heartbeat("app-3"), heartbeat("app-24999")]);
  await asked;
  const { debts } = await store.figures();

  assert.deepEqual(debts, { waiting: before, sent: 0, suppressed: 2, failed: 0 });
});

Deno.test("flips are counted since the start, by where from, where to and why", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  {
    using store = await openStore({ path, clock, cadence: CADENCE });
    await store.record([heartbeat("a"), heartbeat("b")]);
  }
  using store = await openStore({ path, clock, cadence: CADENCE });
  const none = await store.figures();
  clock.advance(SILENCE);
  await store.takeDown(clock.now(), 10);
  await store.record([heartbeat("a", { at: clock.now() }), heartbeat("c", { at: clock.now() })]);
  await store.pause("b", clock.now());

  const { flips } = await store.figures();

  assert.deepEqual(none.flips, []);
  assert.deepEqual(flips.map(({ from, to, reason, count }) => [from, to, reason, count]), [
    ["down", "paused", "paused", 1],
    ["down", "up", "heartbeat", 1],
    ["new", "up", "heartbeat", 1],
    ["up", "down", "silence", 2],
  ]);
});

Deno.test("gaps are counted as the ledger has them, those from before the start among them", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  {
    using store = await openStore({ path, clock, cadence: CADENCE });
    await store.beginListening();
    clock.stall(3 * HOUR);
    await store.listen();
    await store.endListening(clock.now());
  }
  clock.advance(MINUTE);
  using store = await openStore({ path, clock, cadence: CADENCE });
  const before = await store.figures();
  await store.beginListening();
  clock.stall(4 * HOUR);
  await store.listen();

  const { gaps } = await store.figures();

  assert.deepEqual(before.gaps, [{ cause: "stalled", count: 1, deaf: 3 * HOUR }]);
  assert.deepEqual(gaps, [
    { cause: "off", count: 1, deaf: MINUTE },
    { cause: "stalled", count: 2, deaf: 7 * HOUR },
  ]);
});

Deno.test("heartbeats are counted once they are stored, and not when they are refused", async () => {
  using store = await openStore({ admission: admitting(2) });
  await store.record([heartbeat("a"), heartbeat("b"), heartbeat("a")]);
  await store.record([heartbeat("a"), heartbeat("c")]);
  await store.record([heartbeat("c")]);

  const { heartbeats } = await store.figures();

  assert.equal(heartbeats, 4);
});

function admitting(maxApps: number) {
  return { autoRegister: true, maxApps, ignoredApps: new Set<string>() };
}

async function happen(
  store: SqliteStore,
  { app, does, now }: { readonly app: string; readonly does: string; readonly now: number },
): Promise<unknown> {
  switch (does) {
    case "success":
    case "fail":
      return await store.record([heartbeat(app, { kind: does, at: now })]);
    case "pause":
      return await store.pause(app, now);
    case "resume":
      return await store.resume(app, now);
    case "forget":
      return await store.forget(app, now);
    case "snooze":
      return await store.snooze(app, now + MINUTE, now);
    case "mute":
      return await store.addMaintenance(
        {
          scope: { kind: "app", appId: app },
          recurrence: { kind: "once", at: now },
          length: MINUTE,
          note: null,
        },
        now,
      );
    case "unmute":
      return await store.removeMaintenance(1, now);
    case "sweep":
      return await store.takeDown(now, 10);
    case "ignore":
      return await store.adopt({ ...SETTINGS, ignoredApps: new Set([app]) }, now);
    case "prune":
      return await pruneAll(store, now);
    case "ask":
      return await store.figures();
    default:
      return await tryOnce(store, does === "send", now);
  }
}

/** All that is over, however young. */
async function pruneAll(store: SqliteStore, now: number): Promise<void> {
  const limits = { heartbeatsBefore: now, thinnedBefore: now, flipsBefore: now + 1 };
  while (await store.prune({ ...limits, isImportedPruned: true }));
}

async function tryOnce(store: SqliteStore, isTaken: boolean, now: number): Promise<void> {
  const messageId = `<${now}-${Math.random()}@example.org>`;
  const attempt = await beginTry(store, { now, messageId });
  if (attempt === null) return;
  await store.settle(
    attempt,
    isTaken ? { outcome: "sent", reply: "250" } : { outcome: "refused", reason: "550", hint: null },
    now,
  );
}

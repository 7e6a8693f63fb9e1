import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, silence, type Status, status } from "../../lib/app.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import { HEARTBEAT_KINDS } from "../../lib/heartbeat.ts";
import { HEADCOUNT_STEP } from "../../lib/sqlite/headcount.ts";
import type { AppTally } from "../../lib/store.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { DEFAULTS, heartbeat, openStore, sightAt, SILENCE } from "../support/store.ts";

type Counted = Awaited<ReturnType<typeof openStore>>;

const NONE: Readonly<Record<Status, number>> = {
  new: 0,
  up: 0,
  late: 0,
  down: 0,
  paused: 0,
  unknown: 0,
  ignored: 0,
};

/** What asking for each app and its status comes to. */
async function plainTally(store: Counted, now: Instant): Promise<AppTally> {
  const counts: Record<Status, number> = { ...NONE };
  const since: Instant[] = [];
  for (let after: string | null = "";;) {
    const query = {
      now,
      status: null,
      tag: null,
      text: null,
      order: "id" as const,
      after,
      limit: 1_000,
    };
    const page = await store.apps(query);
    for (const app of page.apps) {
      counts[status(app, sightAt(now), DEFAULTS)]++;
      since.push(...fallOf(app, now));
    }
    after = page.next;
    if (after === null) break;
  }
  return { at: now, apps: counts, downSince: since.length === 0 ? null : Math.min(...since) };
}

function fallOf(app: App, now: Instant): readonly Instant[] {
  if (app.state.kind === "down") return [app.state.since];
  const flip = silence(app, now);
  return flip === null ? [] : [flip.at];
}

Deno.test("apps are counted by their status, and the longest fall is dated", async () => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 100, ignoredApps: new Set(["ignored"]) },
  });
  await store.record([
    heartbeat("up"),
    heartbeat("ignored"),
    heartbeat("late", { at: START - DEFAULTS.period }),
    heartbeat("dead", { at: START - SILENCE - SECOND }),
    heartbeat("failed", { kind: "fail", at: START - 1 }),
    heartbeat("new", { kind: "start" }),
    heartbeat("paused"),
  ]);
  await store.pause("paused", START);

  const unswept = await store.tally(START);
  await store.takeDown(START, 10);
  await store.record([heartbeat("dead")]);
  const back = await store.tally(START);

  const others = { ...NONE, new: 1, up: 1, late: 1, paused: 1, ignored: 1 };
  assert.deepEqual(unswept, { at: START, apps: { ...others, down: 2 }, downSince: START - SECOND });
  assert.deepEqual(back, { at: START, apps: { ...others, up: 2, down: 1 }, downSince: START - 1 });
});

Deno.test("where there are no apps, none are counted", async () => {
  using store = await openStore();

  assert.deepEqual(await store.tally(START), { at: START, apps: NONE, downSince: null });
});

Deno.test("the count is the same as asking for each app's status, whatever happened", async () => {
  const app = fc.constantFrom("a", "b", "c", "d", "ignored");
  const beat = fc.record({
    app,
    kind: fc.constantFrom(...HEARTBEAT_KINDS),
    wait: fc.constantFrom(0, SECOND, MINUTE - 1, MINUTE, SILENCE - 1, SILENCE, HOUR),
  });
  const step = fc.oneof(
    { weight: 8, arbitrary: beat },
    fc.record({ does: fc.constantFrom("pause", "resume", "forget", "slow"), app }),
    // What is settled, swept or not heard, at any moment.
    fc.record({ does: fc.constantFrom("listen", "sweep", "stall") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.nat(HOUR), async (steps, later) => {
      const clock = new FakeClock();
      using store = await openStore({
        clock,
        cadence: { lookEvery: 2 * HOUR, markEvery: Infinity },
        admission: { autoRegister: true, maxApps: 100, ignoredApps: new Set(["ignored"]) },
      });
      await store.beginListening();
      for (const each of steps) {
        if ("wait" in each) {
          clock.advance(each.wait);
          await store.record([heartbeat(each.app, { at: clock.now(), kind: each.kind })]);
        } else await happen(store, clock, each);
      }
      clock.advance(later);

      const now = clock.now();
      assert.deepEqual(await store.tally(now), await plainTally(store, now));
    }),
  );
});

Deno.test("while nothing can be heard the count and the lists are as each app is seen", async () => {
  const beat = fc.record({
    app: fc.constantFrom("a", "b", "c", "d", "e"),
    kind: fc.constantFrom(...HEARTBEAT_KINDS, "success" as const, "success" as const),
    wait: fc.constantFrom(0, SECOND, DEFAULTS.grace, MINUTE - 1, MINUTE, SILENCE - 1, SILENCE),
  });
  const slow = fc.subarray(["a", "b"]);
  const deafFor = fc.constantFrom(0, 1, SECOND, DEFAULTS.grace, MINUTE, SILENCE, HOUR);
  await fc.assert(
    fc.asyncProperty(fc.array(beat), slow, fc.nat(SILENCE), deafFor, async (...given) => {
      const [beats, slow, later, deafFor] = given;
      const clock = new FakeClock();
      using store = await openStore({
        clock,
        cadence: { lookEvery: 2 * HOUR, markEvery: Infinity },
      });
      await store.beginListening();
      for (const { app, kind, wait } of beats) {
        clock.advance(wait);
        await store.record([heartbeat(app, { at: clock.now(), kind })]);
      }
      for (const app of slow) await store.change(app, { period: HOUR }, clock.now());
      clock.advance(later);

      const tooMany = Array.from({ length: 50_001 }, () => heartbeat("a", { at: clock.now() }));
      await assert.rejects(store.record(tooMany));
      clock.advance(deafFor);

      const sight = store.sight();
      const all = {
        now: sight.judgedBy,
        tag: null,
        text: null,
        order: "id" as const,
        after: null,
        limit: 10,
      };
      const { apps } = await store.apps({ ...all, status: null });
      const { apps: counts } = await store.tally(sight.judgedBy);
      assert.deepEqual(sight, { judgedBy: clock.now() - deafFor, now: clock.now() });
      for (const wanted of Object.keys(NONE) as readonly Status[]) {
        const expected: readonly App[] = apps.filter((app) =>
          status(app, sight, DEFAULTS) === wanted
        );
        const listed = await store.apps({ ...all, status: wanted });
        assert.deepEqual(listed.apps, expected);
        assert.equal(counts[wanted], expected.length);
      }
    }),
  );
});

Deno.test("more apps than are counted in one step are each counted once, also those that wait in the journal", async () => {
  const apps = 2 * HEADCOUNT_STEP + 1_000;
  using store = await openStore({
    admission: { autoRegister: true, maxApps: apps, ignoredApps: new Set() },
  });
  const ids = Array.from({ length: apps }, (_, index) => `app-${index}`);
  for (let first = 0; first < apps; first += 1_000) {
    const batch = ids.slice(first, first + 1_000);
    await store.record(batch.map((id) => heartbeat(id, { at: START - SILENCE })));
  }
  const heard = ids.filter((_, index) => index % 50 === 0);
  await store.record(heard.map((id) => heartbeat(id, { at: START - 1 - SECOND })));
  await store.record(heard.map((id) => heartbeat(id, { at: START })));

  const { apps: counts } = await store.tally(START + MINUTE - 1);

  assert.deepEqual(counts, { ...NONE, up: heard.length, down: apps - heard.length });
});

Deno.test("of very many apps a count is good for ten seconds, of fewer for no time at all", async () => {
  using few = await openStore();
  using many = await openStore({
    admission: { autoRegister: true, maxApps: 2 * HEADCOUNT_STEP, ignoredApps: new Set() },
  });
  const up = async (store: Counted, now: Instant) => (await store.tally(now)).apps.up;
  await few.record([heartbeat("0")]);
  for (let first = 0; first < HEADCOUNT_STEP; first += 1_000) {
    await many.record(Array.from({ length: 1_000 }, (_, each) => heartbeat(`${first + each}`)));
  }
  const before = await Promise.all([up(few, START), up(many, START), up(many, START)]);
  for (const store of [few, many]) await store.record([heartbeat("another")]);

  const soon = await Promise.all([up(few, START), up(many, START + 10 * SECOND - 1)]);
  const { at } = await many.tally(START + 10 * SECOND - 1);
  const later = await up(many, START + 10 * SECOND);

  assert.deepEqual(before, [1, HEADCOUNT_STEP, HEADCOUNT_STEP]);
  assert.deepEqual(soon, [2, HEADCOUNT_STEP]);
  assert.equal(at, START);
  assert.equal(later, HEADCOUNT_STEP + 1);
});

async function happen(
  store: Counted,
  clock: FakeClock,
  { does, app = "" }: { readonly does: string; readonly app?: string },
): Promise<void> {
  const now = clock.now();
  switch (does) {
    case "pause":
      return void await store.pause(app, now);
    case "resume":
      return void await store.resume(app, now);
    case "forget":
      return void await store.forget(app, now);
    case "slow":
      return void await store.change(app, { period: HOUR }, now);
    case "sweep":
      return void await store.takeDown(now, 10);
    case "stall":
      clock.stall(3 * HOUR);
      return void await store.listen();
    default:
      return void await store.listen();
  }
}

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import {
  DAY,
  type Duration,
  HOUR,
  type Instant,
  MINUTE,
  SECOND,
  type Span,
} from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import { sharesOf } from "../../lib/share.ts";
import { MIGRATIONS } from "../../lib/sqlite/migrations.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { past, timeline } from "../../lib/timeline.ts";
import { figure } from "../support/beside.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { DEFAULTS, heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";
import { wrongIn } from "../support/verified.ts";

const { period: PERIOD, grace: GRACE } = DEFAULTS;

/** A store that listens, the time it goes by, and what makes it deaf. */
interface Listener {
  readonly store: SqliteStore;
  readonly clock: FakeClock;
  readonly deafen: (length: Duration) => Promise<void>;
}

async function listeningStore(
  options: Parameters<typeof openStore>[0] = {},
  clock = new FakeClock(),
): Promise<Listener> {
  const cadence = { lookEvery: Infinity, markEvery: Infinity };
  const store = await openStore({ clock, cadence, ...options });
  await store.beginListening();
  const deafen = async (length: Duration) => {
    await store.listen();
    cadence.lookEvery = 0;
    clock.stall(length);
    await store.listen();
    cadence.lookEvery = Infinity;
  };
  return { store, clock, deafen };
}

/** When nobody knew how an app was, that is over: since the start. */
async function doubtsOf(store: SqliteStore, id: string): Promise<readonly Span[]> {
  const doubts = await store.doubts([id], -Infinity);
  return (doubts.get(id)?.spans ?? []).map(({ from, to }) => ({
    from: from - START,
    to: to - START,
  }));
}

/** Since when the app is unknown, since the start; null while it is known. */
async function unknownFrom(store: SqliteStore, id: string): Promise<Duration | null> {
  const state = (await store.app(id))?.state;
  return state?.kind !== "up" || state.unknownFrom === null ? null : state.unknownFrom - START;
}

Deno.test("a doubt begins where a heartbeat was expected and we did not listen, to the millisecond", async (t) => {
  const expected = PERIOD - GRACE; // after the heartbeat
  const cases: readonly (readonly [string, Duration, Duration, Duration | null])[] = [
    ["a gap that ends before due − grace", 1, expected - 1, null],
    ["one that ends at due − grace", 1, expected, expected],
    ["one over due − grace", 1, HOUR, expected],
    ["one from due − grace on", expected, HOUR, expected],
    ["one from later on", PERIOD + SECOND, HOUR, PERIOD + SECOND],
    ["one that begins a millisecond before the deadline", SILENCE - 1, HOUR, SILENCE - 1],
    ["one that begins at the deadline", SILENCE, HOUR, null],
  ];
  for (const [name, from, to, since] of cases) {
    await t.step(name, async () => {
      const { store, clock, deafen } = await listeningStore();
      using _ = store;
      await store.record([heartbeat("a")]);
      clock.advance(from);

      await deafen(to - from);

      assert.equal(await unknownFrom(store, "a"), since);
      assert.deepEqual(await doubtsOf(store, "a"), []);
    });
  }
});

Deno.test("a doubt ends with what is known again: a success, a fall, or that nobody judges any more", async (t) => {
  const cases:
    readonly (readonly [string, (store: SqliteStore, now: Instant) => Promise<unknown>])[] = [
      ["a success", (store, now) => store.record([heartbeat("a", { at: now })])],
      ["a fail", (store, now) => store.record([heartbeat("a", { at: now, kind: "fail" })])],
      ["a pause", (store, now) => store.pause("a", now)],
    ];
  for (const [name, end] of cases) {
    await t.step(name, async () => {
      const { store, clock, deafen } = await listeningStore();
      using _ = store;
      await store.record([heartbeat("a")]);
      clock.advance(MINUTE);
      await deafen(HOUR);
      clock.advance(SECOND);
      await store.record([heartbeat("a", { at: clock.now(), kind: "log" })]);
      const before = await doubtsOf(store, "a");
      clock.advance(SECOND);

      await end(store, clock.now());

      assert.deepEqual(before, []);
      assert.deepEqual(await doubtsOf(store, "a"), [
        { from: MINUTE, to: MINUTE + HOUR + 2 * SECOND },
      ]);
    });
  }
  await t.step("its deadline, whoever notices, and once", async () => {
    const { store, clock, deafen } = await listeningStore();
    using _ = store;
    await store.record([heartbeat("swept"), heartbeat("heard")]);
    clock.advance(MINUTE);
    await deafen(HOUR);
    clock.advance(DAY);
    await store.record([heartbeat("heard", { at: clock.now() })]);
    await store.takeDown(clock.now(), 10);

    const doubt = { from: MINUTE, to: MINUTE + HOUR + SILENCE };
    assert.deepEqual(await doubtsOf(store, "heard"), [doubt]);
    assert.deepEqual(await doubtsOf(store, "swept"), [doubt]);
  });
});

Deno.test("a gap over many apps writes no row for them, and who is heard again writes one", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const admission = { autoRegister: true, maxApps: 1_000, ignoredApps: new Set<string>() };
  const { store, clock, deafen } = await listeningStore({ path, admission });
  using _ = store;
  const beats = () =>
    Array.from({ length: 1_000 }, (_, index) => heartbeat(`${index}`, { at: clock.now() }));
  const count = () => figure(path, "SELECT COUNT(*) FROM doubts");
  await store.record(beats());
  clock.advance(MINUTE);

  await deafen(HOUR);
  const inGap = count();
  await store.record(beats());
  const once = count();
  clock.advance(SECOND);
  await store.record(beats());

  assert.deepEqual([inGap, once, count()], [0, 1_000, 1_000]);
});

Deno.test("a heartbeat that waited through a gap was heard when it came, and nobody knows what was then", async () => {
  const { store, clock } = await listeningStore();
  using _ = store;
  await store.record([heartbeat("a")]);
  clock.advance(MINUTE);
  await store.listen();

  const waiting = store.record([heartbeat("a", { at: clock.now() })]);
  clock.set(8 * HOUR);
  await waiting;

  assert.deepEqual(await doubtsOf(store, "a"), []);
  assert.equal(await unknownFrom(store, "a"), MINUTE + PERIOD - GRACE);
});

Deno.test("a crash leaves each doubt that is over once", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  {
    const { store, deafen } = await listeningStore({ path }, clock);
    using _ = store;
    await store.record([heartbeat("a")]);
    clock.advance(MINUTE);
    await deafen(HOUR);
    // It stays in the journal: nothing is settled any more.
    await store.record([heartbeat("a", { at: clock.now() })]);
    clock.advance(SECOND);
    await store.record([heartbeat("a", { at: clock.now() })]);
  }

  const { store } = await listeningStore({ path }, clock);
  using _ = store;

  assert.deepEqual(await doubtsOf(store, "a"), [{ from: MINUTE, to: MINUTE + HOUR }]);
  assert.equal(await unknownFrom(store, "a"), null);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("a clock that is set back takes along since when an app is unknown", async () => {
  const { store, clock, deafen } = await listeningStore();
  using _ = store;
  await store.record([heartbeat("a")]);
  clock.advance(MINUTE);
  await deafen(HOUR);

  clock.set(-DAY);
  await store.listen();
  clock.advance(SECOND);
  await store.record([heartbeat("a", { at: clock.now() })]);

  assert.deepEqual(await doubtsOf(store, "a"), [
    { from: MINUTE - DAY, to: MINUTE + HOUR + SECOND - DAY },
  ]);
});

Deno.test("after a gap that nobody can measure every app is unknown from its end on", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  {
    const { store } = await listeningStore({ path }, clock);
    using _ = store;
    await store.record([heartbeat("a")]);
    clock.advance(SECOND);
    await store.endListening(clock.now());
  }
  clock.set(-DAY);

  const { store } = await listeningStore({ path }, clock);
  using _ = store;

  assert.equal(await unknownFrom(store, "a"), SECOND - DAY);
});

Deno.test("a forgotten app leaves no doubt, and the next one of its name has none", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const { store, clock, deafen } = await listeningStore({ path });
  using _ = store;
  await store.record([heartbeat("a")]);
  clock.advance(MINUTE);
  await deafen(HOUR);
  await store.record([heartbeat("a", { at: clock.now() })]);

  await store.forget("a", clock.now());
  await store.record([heartbeat("a", { at: clock.now() })]);

  assert.deepEqual(await doubtsOf(store, "a"), []);
  assert.equal(figure(path, "SELECT COUNT(*) FROM doubts"), 0);
  assert.deepEqual(wrongIn(path), []);
});

Deno.test("doubts are pruned with flips, and from when on history is whole is known", async () => {
  const { store, clock, deafen } = await listeningStore();
  using _ = store;
  for (let day = 0; day < 3; day++) {
    await store.record([heartbeat("a", { at: clock.now() })]);
    clock.advance(MINUTE);
    await deafen(HOUR);
    await store.record([heartbeat("a", { at: clock.now() })]);
    clock.advance(DAY - HOUR - MINUTE);
    await store.takeDown(clock.now(), 10);
  }
  const limits = { heartbeatsBefore: 0, thinnedBefore: 0, isImportedPruned: false };
  const before = (await store.doubts(["a"], -Infinity)).get("a");

  while (await store.prune({ ...limits, flipsBefore: START + 2 * DAY }));
  const after = (await store.doubts(["a"], -Infinity)).get("a");
  while (await store.prune({ ...limits, flipsBefore: START + DAY }));
  const again = (await store.doubts(["a"], -Infinity)).get("a");

  assert.deepEqual([before?.spans.length, before?.wholeFrom], [3, -Infinity]);
  assert.deepEqual([after?.spans.length, after?.wholeFrom], [1, START + 2 * DAY]);
  // A longer retention brings nothing back.
  assert.deepEqual(again, after);
});

Deno.test("of the time before doubts were kept the gaps that moved a deadline are told, for whoever was up", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  {
    using db = new DatabaseSync(path);
    for (const sql of MIGRATIONS.slice(0, 5)) db.exec(sql);
    const at = START;
    db.exec(`
      PRAGMA application_id = ${0x73746c76};
      PRAGMA user_version = 5;
      INSERT INTO apps (app_id, state, success_at, excused_at, deadline_at, last_heartbeat_at)
      VALUES ('a', 'up', ${at}, ${at + HOUR}, ${at + HOUR + SILENCE}, ${at});
      INSERT INTO gaps (began_at, ended_at, cause, moved, is_told)
      VALUES (${at + MINUTE}, ${at + MINUTE + SECOND}, 'stalled', 0, 0),
        (${at + 2 * MINUTE}, ${at + HOUR}, 'off', 1, 1);
      INSERT INTO listening (id, marked_at) VALUES (1, ${at + HOUR});
    `);
  }
  const clock = new FakeClock(START + HOUR + SECOND);

  const { store, deafen } = await listeningStore({ path }, clock);
  using _ = store;
  await store.record([heartbeat("a", { at: clock.now() })]);
  clock.advance(MINUTE);
  await deafen(HOUR);

  const gap = { from: START + 2 * MINUTE, to: START + HOUR };
  assert.deepEqual(await store.earlierGaps(START), [gap]);
  assert.deepEqual(await store.earlierGaps(gap.to), []);
  // Since then they are kept: what had begun before, from where the gap was over.
  assert.deepEqual(await doubtsOf(store, "a"), [{ from: HOUR, to: HOUR + SECOND }]);
});

/** What happens in a run, each so long after what happened before. */
type Step =
  & { readonly wait: Duration }
  & (
    | { readonly kind: "gap"; readonly length: Duration }
    | { readonly kind: "heartbeat"; readonly app: number; readonly signal: HeartbeatKind }
    | { readonly kind: "pause" | "resume"; readonly app: number }
    | { readonly kind: "sweep" | "settle" }
  );

/** An app as the drawing in doubt.ts has it; written from that, not from the code. */
class Drawn {
  readonly doubts: Span[] = [];
  state: "new" | "up" | "down" | "paused" = "new";
  unknownFrom: Instant | null = null;
  #heardAt = 0;
  #deadlineAt = 0;
  readonly #expectation: { readonly period: Duration; readonly grace: Duration };

  constructor(expectation: { readonly period: Duration; readonly grace: Duration }) {
    this.#expectation = expectation;
  }

  judge(now: Instant): void {
    if (this.state === "up" && now >= this.#deadlineAt) this.#leave("down", this.#deadlineAt);
  }

  gap(from: Instant, to: Instant): void {
    if (this.state !== "up" || from >= this.#deadlineAt) return;
    const { period, grace } = this.#expectation;
    const expectedFrom = this.#heardAt + period - grace;
    if (this.unknownFrom !== null) this.#deadlineAt += to - from;
    else if (to >= expectedFrom) {
      this.#deadlineAt = to + period + grace;
      this.unknownFrom = Math.max(from, expectedFrom, this.#heardAt);
    }
  }

  hear(at: Instant, signal: HeartbeatKind): void {
    if (this.state === "paused") return;
    this.judge(at);
    if (signal === "fail" && this.state !== "down") this.#leave("down", at);
    if (signal !== "success") return;
    this.#leave("up", at);
    this.#heardAt = at;
    this.#deadlineAt = at + this.#expectation.period + this.#expectation.grace;
  }

  pause(now: Instant): void {
    this.judge(now);
    this.#leave("paused", now);
  }

  resume(): void {
    if (this.state === "paused") this.state = "new";
  }

  #leave(state: Drawn["state"], at: Instant): void {
    if (this.unknownFrom !== null && at > this.unknownFrom) {
      this.doubts.push({ from: this.unknownFrom, to: at });
    }
    this.unknownFrom = null;
    this.state = state;
  }
}

/** Spans that often end at the same instant, or a millisecond before or after. */
function spans(least: number, most: number): fc.Arbitrary<Duration> {
  return fc.tuple(fc.integer({ min: least, max: most }), fc.constantFrom(-1, 0, 1))
    .map(([tens, off]) => tens * 10 * SECOND + off);
}

const EXPECTATION = fc.record({
  period: fc.integer({ min: 1, max: 40 }).map((tens) => tens * 10 * SECOND),
  grace: fc.integer({ min: 0, max: 12 }).map((tens) => tens * 10 * SECOND),
});

const WAIT = spans(1, 4);
const APP = fc.nat({ max: 3 });

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("gap" as const), wait: WAIT, length: spans(2, 9) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("heartbeat" as const),
      wait: WAIT,
      app: APP,
      signal: fc.constantFrom("success", "success", "success", "fail", "log"),
    }),
  },
  fc.record({ kind: fc.constantFrom("pause" as const, "resume" as const), wait: WAIT, app: APP }),
  fc.record({ kind: fc.constantFrom("sweep" as const, "settle" as const), wait: WAIT }),
);

Deno.test("whatever happens, doubts are as they are drawn, and come to the unknown share", async () => {
  const apps = fc.array(EXPECTATION, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(apps, fc.array(STEP, { maxLength: 20 }), async (settings, steps) => {
      const { store, clock, deafen } = await listeningStore();
      using _ = store;
      const drawn = settings.map((expectation) => new Drawn(expectation));
      for (const [index, expectation] of settings.entries()) {
        const about = { name: null, note: null, tags: [], ...expectation };
        await store.register(String(index), about, clock.now());
      }

      for (const step of steps) {
        clock.advance(step.wait);
        const now = clock.now();
        const index = "app" in step ? step.app % drawn.length : 0;
        const [id, app] = [String(index), drawn[index]];
        assert.ok(app);
        switch (step.kind) {
          case "gap":
            await deafen(step.length);
            for (const each of drawn) each.gap(now, now + step.length);
            break;
          case "heartbeat":
            await store.record([heartbeat(id, { at: now, kind: step.signal })]);
            app.hear(now, step.signal);
            break;
          case "pause":
            await store.pause(id, now);
            app.pause(now);
            break;
          case "resume":
            await store.resume(id, now);
            app.resume();
            break;
          case "sweep":
            await store.takeDown(now, 10);
            for (const each of drawn) each.judge(now);
            break;
          case "settle":
            await store.listen();
            break;
        }
      }
      clock.advance(1);
      const now = clock.now();
      await store.takeDown(now, 10);
      for (const app of drawn) app.judge(now);

      for (const [index, { doubts, unknownFrom, state }] of drawn.entries()) {
        const id = String(index);
        const app = await store.app(id);
        const kept = (await store.doubts([id], -Infinity)).get(id);
        const history = await store.flips(id, { limit: 1_000, before: null });
        assert.ok(app && kept && history);
        assert.equal(app.state.kind, state);
        assert.deepEqual(kept.spans, doubts);
        assert.equal(app.state.kind === "up" ? app.state.unknownFrom : null, unknownFrom);
        const sight = { judgedBy: now, now };
        const facts = { history, doubts: kept, gaps: [], sight, defaults: DEFAULTS };
        const pieces = timeline(past(app, facts), { from: START, to: now });
        const all = unknownFrom === null ? doubts : [...doubts, { from: unknownFrom, to: now }];
        const sum = all.reduce((sum, { from, to }) => sum + to - from, 0);
        assert.equal(sharesOf(pieces).unknown, sum);
      }
    }),
    { numRuns: 300 },
  );
});

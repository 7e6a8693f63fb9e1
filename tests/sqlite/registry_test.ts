import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { type Duration, HOUR, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import { NO_SETTINGS } from "../../lib/registry.ts";
import type { SqliteStore } from "../../lib/sqlite/store.ts";
import { START } from "../support/fake_clock.ts";
import {
  beginTry,
  DEFAULTS,
  heartbeat,
  openStore,
  SILENCE,
  temporaryFolder,
} from "../support/store.ts";
import { wrongIn } from "../support/verified.ts";

const DOWN_AT = START + SILENCE;

/** Debts by their states, those of forgotten apps included. */
function accounts(path: string): Readonly<Record<string, number>> {
  using db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare(`
    SELECT state, SUM(debts) AS debts
    FROM (
      SELECT state, COUNT(*) AS debts FROM debts GROUP BY state
      UNION ALL SELECT state, debts FROM forgotten_debts
    )
    GROUP BY state
  `).all();
  return Object.fromEntries(
    rows.map(({ state, debts }) => [state, Number(debts)] as const).filter(([, debts]) =>
      debts > 0
    ),
  );
}

Deno.test("an app is registered with its settings, then replaced by them", async () => {
  using store = await openStore();
  const settings = { ...NO_SETTINGS, name: "Billing", tags: ["prod"], period: HOUR };

  const added = await store.register("billing", settings, START);
  const replaced = await store.register("billing", { ...NO_SETTINGS, note: "old" }, START);

  assert.equal(added.before, null);
  assert.deepEqual(await store.app("billing"), replaced.after);
  assert.deepEqual(replaced.before, added.after);
  assert.deepEqual([replaced.after.name, replaced.after.note, replaced.after.tags], [
    null,
    "old",
    [],
  ]);
});

Deno.test("no more apps are registered by hand than there may be", async () => {
  using store = await openStore({
    admission: { autoRegister: true, maxApps: 2, ignoredApps: new Set() },
  });
  await store.record([heartbeat("1")]);
  await store.register("2", NO_SETTINGS, START);

  await assert.rejects(store.register("3", NO_SETTINGS, START), { code: "too_many" });
  const [refused] = await store.record([heartbeat("3")]);
  await store.forget("1", DOWN_AT);
  const [taken] = await store.record([heartbeat("3")]);

  assert.deepEqual(refused, {
    why: "too_many_apps",
    message: 'App "3" cannot register: there are 2 of at most 2 (MAX_APPS)',
  });
  assert.deepEqual(taken, { appId: "3", status: "up", isSpared: false });
});

Deno.test("what a paused app owed is suppressed, and its message with nothing else never sent", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1")]);
  await store.takeDown(DOWN_AT, 10);
  const attempt = await beginTry(store);
  assert.ok(attempt);
  await store.settle(attempt, { outcome: "deferred", reason: "", hint: null }, DOWN_AT);

  await store.pause("1", DOWN_AT);
  await store.record([heartbeat("1", { at: DOWN_AT }), heartbeat("1", { kind: "fail" })]);

  assert.deepEqual((await store.app("1"))?.state, { kind: "paused" });
  assert.deepEqual(accounts(path), { suppressed: 1 });
  assert.deepEqual((await store.outbox()).queues[0]?.messages, []);
});

Deno.test("a forgotten app leaves nothing but the sum of its debts, and may come again", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  await store.record([heartbeat("1"), heartbeat("2")]);
  await store.takeDown(DOWN_AT, 10);
  const attempt = await beginTry(store);
  assert.ok(attempt);
  await store.settle(attempt, { outcome: "sent", reply: "250" }, DOWN_AT);
  await store.record([heartbeat("1", { at: DOWN_AT })]);
  for (let each = 0; each < 25; each++) {
    await store.record([heartbeat("1", { at: DOWN_AT, message: `${each}`.repeat(2_000) })]);
  }
  await store.endListening(DOWN_AT);

  const isKnown = await store.forget("1", DOWN_AT);
  let steps = 1;
  while (await store.erase(10)) steps++;
  const known = [await store.app("1"), await store.forget("1", DOWN_AT)];
  await store.record([heartbeat("1", { at: DOWN_AT + 1 })]);

  assert.equal(isKnown, true);
  assert.deepEqual(known, [null, false]);
  assert.deepEqual(accounts(path), { sent: 2, suppressed: 1 });
  assert.equal(steps, 3); // 26 rows by tens
  using db = new DatabaseSync(path, { readOnly: true });
  const count = (table: string) => db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.n;
  assert.deepEqual(["segments", "flips", "debts", "forgotten"].map(count), [2, 3, 1, 0]);
  assert.equal((await store.heartbeats("1", { limit: 10, cursor: null }))?.heartbeats.length, 1);
});

Deno.test("an app's history comes newest first, in pages without a seam", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  using store = await openStore({ path });
  for (let each = 0; each < 5; each++) {
    const at = START + 2 * each * MINUTE;
    await store.record([heartbeat("1", { at, message: `sent ${each}` }), heartbeat("2", { at })]);
  }
  using db = new DatabaseSync(path);
  for (let each = 0; each < 4; each++) {
    // What was imported may be as young as what was sent here.
    db.prepare(`
      INSERT INTO imported_heartbeats (app, at, message)
      VALUES (1, ?, ?)
    `).run(START + (2 * each + 1) * MINUTE, `imported ${each}`);
  }

  const seen: (string | null)[] = [];
  let cursor = null;
  do {
    const page = await store.heartbeats("1", { limit: 2, cursor });
    assert.ok(page);
    seen.push(...page.heartbeats.map(({ message }) => message));
    cursor = page.next;
  } while (cursor !== null);

  assert.deepEqual(seen, [
    "sent 4",
    "imported 3",
    "sent 3",
    "imported 2",
    "sent 2",
    "imported 1",
    "sent 1",
    "imported 0",
    "sent 0",
  ]);
});

Deno.test("an app's flips come newest first, in pages", async () => {
  using store = await openStore();
  for (const kind of ["success", "fail", "success", "fail"] as const) {
    await store.record([heartbeat("1", { kind })]);
  }

  const first = await store.flips("1", { limit: 3, before: null });
  const second = await store.flips("1", { limit: 3, before: first?.next ?? null });

  assert.deepEqual(first?.flips.map(({ to }) => to), ["down", "up", "down"]);
  assert.deepEqual(second?.flips.map(({ from, to }) => [from, to]), [["new", "up"]]);
  assert.equal(second?.next, null);
});

/** What can happen to an app, a batch of it at one instant. */
type Deed =
  | { readonly deed: "beat"; readonly app: string; readonly kind: HeartbeatKind }
  | { readonly deed: "sweep" | "resume" | "pause" | "forget"; readonly app: string }
  | { readonly deed: "change"; readonly app: string; readonly period: Duration | null };

/** The table of states, written down once more and as simply as can be. */
class Model {
  readonly apps = new Map<
    string,
    { state: string; deadline: Instant; success: Instant; period: Duration | null; waiting: number }
  >();
  news = 0;
  suppressed = 0;

  do(deed: Deed, now: Instant): void {
    if (deed.deed === "sweep") {
      for (const id of this.apps.keys()) this.#judge(id, now);
      return;
    }
    if (deed.deed === "beat" && !this.apps.has(deed.app)) {
      this.apps.set(deed.app, { state: "new", deadline: 0, success: 0, period: null, waiting: 0 });
    }
    const app = this.apps.get(deed.app);
    if (app === undefined) return;
    this.#judge(deed.app, now);
    switch (deed.deed) {
      case "beat":
        if (app.state === "paused") return;
        if (deed.kind === "fail" && app.state !== "down") this.#tell(app, "down");
        if (deed.kind !== "success") return;
        if (app.state === "down") this.#tell(app, "up");
        Object.assign(app, { state: "up", success: now, deadline: now + this.#silence(app) });
        return;
      case "change":
        if (app.state === "up" && app.period !== deed.period) {
          const deadline = app.success + this.#silence({ ...app, period: deed.period });
          app.deadline = Math.max(deadline, now);
        }
        app.period = deed.period;
        return;
      case "pause":
        this.#suppress(app);
        app.state = "paused";
        return;
      case "resume":
        if (app.state === "paused") app.state = "new";
        return;
      case "forget":
        this.#suppress(app);
        this.apps.delete(deed.app);
    }
  }

  #judge(id: string, now: Instant): void {
    const app = this.apps.get(id);
    if (app?.state === "up" && app.deadline <= now) this.#tell(app, "down");
  }

  #tell(app: { state: string; waiting: number }, state: string): void {
    app.state = state;
    app.waiting++;
    this.news++;
  }

  #suppress(app: { waiting: number }): void {
    this.suppressed += app.waiting;
    app.waiting = 0;
  }

  #silence({ period }: { readonly period: Duration | null }): Duration {
    return (period ?? DEFAULTS.period) + DEFAULTS.grace;
  }
}

/** Does it to the store, and does not wait: as requests do that come together. */
function perform(store: SqliteStore, deed: Deed, now: Instant): Promise<unknown> {
  switch (deed.deed) {
    case "beat":
      return store.record([heartbeat(deed.app, { kind: deed.kind, at: now })]);
    case "sweep":
      return store.flush().then(() => store.takeDown(now, 100));
    case "change":
      return store.change(deed.app, { period: deed.period }, now);
    case "pause":
      return store.pause(deed.app, now);
    case "resume":
      return store.resume(deed.app, now);
    case "forget":
      return store.forget(deed.app, now).then(() => store.erase(100));
  }
}

const APP = fc.constantFrom("a", "b", "c");
const KIND = fc.constantFrom<HeartbeatKind>(
  "success",
  "success",
  "success",
  "fail",
  "log",
  "start",
);
const PERIOD = fc.constantFrom(null, SECOND, MINUTE, HOUR);
const DEED: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ deed: fc.constant("beat" as const), app: APP, kind: KIND }) },
  {
    weight: 3,
    arbitrary: fc.record({
      deed: fc.constantFrom(
        "sweep" as const,
        "pause" as const,
        "resume" as const,
        "forget" as const,
      ),
      app: APP,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ deed: fc.constant("change" as const), app: APP, period: PERIOD }),
  },
);
const BATCHES = fc.array(
  fc.record({
    wait: fc.constantFrom(0, 1, SECOND, 30 * SECOND, SILENCE - 1, SILENCE, HOUR),
    deeds: fc.array(DEED, { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 25 },
);

Deno.test("an admin's hand, heartbeats and sweeps that race end as the table of states says", async () => {
  await fc.assert(
    fc.asyncProperty(BATCHES, async (batches) => {
      using folder = temporaryFolder();
      const path = `${folder.path}/a.db`;
      using store = await openStore({ path });
      const model = new Model();
      let now = START;

      for (const { wait, deeds } of batches) {
        now += wait;
        await Promise.all(deeds.map((deed) => perform(store, deed, now)));
        for (const deed of deeds) model.do(deed, now);
      }
      await perform(store, { deed: "sweep", app: "" }, now);
      model.do({ deed: "sweep", app: "" }, now);

      for (const id of ["a", "b", "c"]) {
        const app = await store.app(id);
        const expected = model.apps.get(id);
        assert.equal(app?.state.kind, expected?.state);
        if (app?.state.kind === "up") assert.equal(app.state.deadlineAt, expected?.deadline);
      }
      const { waiting = 0, suppressed = 0 } = accounts(path);
      assert.equal(suppressed, model.suppressed);
      assert.equal(waiting + suppressed, model.news);
      assert.deepEqual(wrongIn(path), []);
    }),
    { numRuns: 60 },
  );
});

Deno.test("an incident is acknowledged by its own number or by none, once", async (t) => {
  const cases = [
    { name: "the open one, by no number", incident: undefined, isNoted: true },
    { name: "the open one", incident: 2, isNoted: true },
    { name: "another", incident: 1, isNoted: false },
    { name: "one that never was", incident: 99, isNoted: false },
  ];
  for (const { name, incident, isNoted } of cases) {
    await t.step(name, async () => {
      using store = await openStore();
      await store.record([heartbeat("23")]);
      await store.takeDown(START + SILENCE, 1);

      for (const now of [START + SILENCE + 1, START + SILENCE + 2]) {
        await store.acknowledge("23", now, incident);
      }

      const expected = isNoted ? START + SILENCE + 1 : null;
      assert.equal((await store.incident(2))?.acknowledgedAt, expected);
    });
  }

  await t.step("of an app that is not down, nothing", async () => {
    using store = await openStore();
    await store.record([heartbeat("23")]);

    const changed = await store.acknowledge("23", START + 1);

    assert.deepEqual(changed?.after, changed?.before);
    assert.equal(await store.acknowledge("nobody", START), null);
  });

  await t.step("of an app whose deadline has passed and was not swept yet", async () => {
    using store = await openStore();
    await store.record([heartbeat("23")]);

    await store.acknowledge("23", START + SILENCE);

    assert.equal((await store.incident(2))?.acknowledgedAt, START + SILENCE);
  });
});

Deno.test("no incident has the number of one whose app was forgotten: old letters link to it", async () => {
  using store = await openStore();
  await store.record([heartbeat("old", { kind: "fail" })]);
  await store.forget("old", START);

  await store.record([heartbeat("new", { kind: "fail" })]);

  assert.equal(await store.incident(1), null);
  assert.equal((await store.incident(2))?.app.id, "new");
});

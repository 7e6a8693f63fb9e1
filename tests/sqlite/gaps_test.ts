import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, register, upFrom } from "../../lib/app.ts";
import { Arrivals } from "../../lib/arrivals.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "../../lib/clock.ts";
import { excused } from "../../lib/excuse.ts";
import type { Gap, GapCause } from "../../lib/gap.ts";
import type { HeartbeatKind } from "../../lib/heartbeat.ts";
import { APP_COLUMNS, storedApp } from "../../lib/sqlite/app_row.ts";
import { AppTable } from "../../lib/sqlite/apps.ts";
import { shiftClock } from "../../lib/sqlite/clock_shift.ts";
import { type Database, IN_MEMORY, openDatabase } from "../../lib/sqlite/database.ts";
import { Gaps } from "../../lib/sqlite/gaps.ts";
import { KnownApps } from "../../lib/sqlite/known_apps.ts";
import { Segments } from "../../lib/sqlite/segments.ts";
import { FakeClock, START } from "../support/fake_clock.ts";
import { listeningStore, PATIENT } from "../support/listener.ts";
import { DEFAULTS, heartbeat, openStore, SILENCE, temporaryFolder } from "../support/store.ts";

const { period: PERIOD, grace: GRACE } = DEFAULTS;

/** What is stored of an app beside it, while nothing is. */
const UNMARKED = {
  incident: null,
  heartbeats: 0,
  snoozedUntil: null,
  mutedUntil: null,
  flappingSince: null,
  acknowledgedAt: null,
  putOff: null,
};

const SELECT_APP = `SELECT ${APP_COLUMNS} FROM apps WHERE app_id = :id`;

/** A gap as the ledger has it, with how many deadlines it moved. */
interface Noted extends Gap {
  readonly moved: number;
}

Deno.test("a gap moves a deadline by where it lies, to the millisecond", async (t) => {
  const earliest = PERIOD - GRACE; // after the heartbeat, and so for all here
  const long = 10 * SECOND;
  const short = long - 1;
  const cases: readonly (readonly [name: string, from: Duration, to: Duration, at: Duration])[] = [
    ["ends before due − grace", earliest - long, earliest - 1, SILENCE],
    ["ends at due − grace", earliest - long, earliest, earliest + SILENCE],
    ["lies in the expected span", earliest + 1, earliest + 1 + long, earliest + 1 + long + SILENCE],
    ["covers it all", 1, 10 * SILENCE, 11 * SILENCE],
    ["is short, and ends before due − grace", earliest - short - 1, earliest - 1, SILENCE],
    ["is short, and ends at due − grace", earliest - short, earliest, SILENCE + short],
    ["is short, and holds the deadline", SILENCE - 1, SILENCE - 1 + short, SILENCE + short],
    ["is short, and begins at the deadline", SILENCE, SILENCE + short, SILENCE],
    ["begins a millisecond before the deadline", SILENCE - 1, 2 * SILENCE, 3 * SILENCE],
    ["begins at the deadline", SILENCE, 2 * SILENCE, SILENCE],
    ["begins after the deadline", SILENCE + 1, 2 * SILENCE, SILENCE],
  ];
  for (const [name, from, to, at] of cases) {
    await t.step(name, async () => {
      const { store, clock, deafen } = await listeningStore();
      using _ = store;
      await store.record([heartbeat("a")]);
      clock.advance(from);

      await deafen(to - from);

      assert.equal(await store.nextDeadline(), START + at);
    });
  }
});

Deno.test("a clock set ahead carries along the deadlines that it does not touch", async (t) => {
  const length = 10 * SECOND;
  const earliest = PERIOD - GRACE;
  const cases: readonly (readonly [name: string, from: Duration, at: Duration])[] = [
    ["ends before due − grace", earliest - length - 1, SILENCE + length],
    ["ends at due − grace", earliest - length, earliest + SILENCE],
    ["begins at the deadline", SILENCE, SILENCE],
  ];
  for (const [name, from, at] of cases) {
    await t.step(name, async () => {
      const { store, clock } = await listeningStore();
      using _ = store;
      await store.record([heartbeat("a")]);
      clock.advance(from);
      await store.listen();

      clock.set(length);
      await store.listen();

      assert.equal(await store.nextDeadline(), START + at);
    });
  }
});

Deno.test("an app so moved is unknown until it is heard or taken down", async () => {
  const { store, clock, deafen } = await listeningStore();
  using _ = store;
  await store.record([heartbeat("heard"), heartbeat("dead"), heartbeat("failed")]);
  const unknown = async () => {
    const all = { tag: null, text: null, order: "id" as const, after: null, limit: 10 };
    const { apps } = await store.apps({ ...all, now: clock.now(), status: "unknown" });
    return apps.map(({ id }) => id);
  };

  await deafen(HOUR);
  const after = await unknown();
  await store.record([heartbeat("heard", { at: clock.now() })]);
  await store.record([heartbeat("failed", { at: clock.now(), kind: "fail" })]);
  const whenHeard = await unknown();
  clock.advance(SILENCE);
  const { down } = await store.takeDown(clock.now(), 10);
  const atLast = await unknown();

  assert.deepEqual(after, ["dead", "failed", "heard"]);
  assert.deepEqual(whenHeard, ["dead"]);
  assert.equal(down, 2);
  assert.deepEqual(atLast, []);
});

Deno.test("a heartbeat that waited through a gap is given what the gap took, and no more", async (t) => {
  const cases: readonly (readonly [name: string, length: Duration, at: Duration])[] = [
    ["a night", 8 * HOUR, 8 * HOUR + SILENCE],
    ["what the clock went ahead by", PERIOD - GRACE - 1, PERIOD - GRACE - 1 + SILENCE],
  ];
  for (const [name, length, at] of cases) {
    await t.step(name, async () => {
      const { store, clock } = await listeningStore();
      using _ = store;
      await store.record([heartbeat("other", { kind: "log" })]);

      const waiting = store.record([heartbeat("a", { at: clock.now() })]);
      clock.set(length);
      await waiting;
      const { down } = await store.takeDown(clock.now(), 10);

      assert.equal(down, 0);
      assert.equal(await store.nextDeadline(), START + at);
    });
  }
});

Deno.test("short stalls in one silence each move the deadline by their own length, and leave the full move", async () => {
  const { store, clock, deafen } = await listeningStore();
  using _ = store;
  await store.record([heartbeat("a")]);
  clock.advance(PERIOD);

  await deafen(2 * SECOND);
  await deafen(3 * SECOND);
  const afterShort = await store.nextDeadline();
  const app = await store.app("a");
  await deafen(10 * SECOND);

  assert.equal(afterShort, START + SILENCE + 5 * SECOND);
  assert.equal(app?.state.kind === "up" && app.state.excusedAt, null);
  assert.equal(await store.nextDeadline(), clock.now() + SILENCE);
});

Deno.test("a short stall in which more came than the kernel keeps counts in full, before anybody is judged", async () => {
  const arrivals = new Arrivals();
  const { store, clock, deafen } = await listeningStore({ arrivals });
  using _ = store;
  await store.record([heartbeat("a")]);
  clock.advance(PERIOD);

  await deafen(2 * SECOND);
  const afterShort = await store.nextDeadline();
  for (let port = 1; port <= 511; port++) arrivals.met("192.0.2.1", port);
  const { down } = await store.takeDown(START + SILENCE + 2 * SECOND, 10);

  assert.equal(afterShort, START + SILENCE + 2 * SECOND);
  assert.equal(down, 0);
  assert.equal(await store.nextDeadline(), clock.now() + SILENCE);
});

Deno.test("what a gap does to an app is what the rule says of one app", async () => {
  const span = fc.nat(3 * HOUR);
  const app = fc.record({
    period: fc.integer({ min: SECOND, max: 2 * HOUR }),
    grace: fc.integer({ min: SECOND, max: 2 * HOUR }),
    wait: span,
  });
  const gap = fc.record({
    wait: span,
    length: fc.oneof(fc.nat(20 * SECOND), span),
    cause: fc.constantFrom<GapCause>("off", "stalled", "clock", "unstored", "unreachable"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(app, { minLength: 1 }), fc.array(gap), async (apps, gaps) => {
      const { database } = await openDatabase(IN_MEMORY);
      using db = database;
      const table = new AppTable({ db, known: new KnownApps(), segments: new Segments(db) });
      const ledger = new Gaps(db, () => {});
      let at = START;
      const stored = apps.map(({ period, grace, wait }, index) => {
        at += wait;
        const app = { ...register(`app-${index}`, { isIgnored: false }), period, grace };
        const { id } = table.insert(app);
        table.setSettings(id, app);
        const up = { ...app, isSetUp: true, state: upFrom(at, { period, grace }) };
        table.update({ ...UNMARKED, id, app: up });
        return up;
      });
      let expected: readonly App[] = stored;

      for (const { wait, length, cause } of gaps) {
        at += wait;
        const gap = { from: at, to: at += length, cause };
        ledger.add(gap, DEFAULTS);
        expected = expected.map((each) => excused(each, gap, DEFAULTS));
      }

      const found = expected.map(({ id }) => storedApp(db.get(SELECT_APP, { id }) ?? {}).app);
      assert.deepEqual(found, expected);
    }),
    { numRuns: 300 },
  );
});

/** What happens in a run, each so long after what happened before. */
type Step =
  & { readonly wait: Duration }
  & (
    | { readonly kind: "gap"; readonly length: Duration }
    | { readonly kind: "set ahead"; readonly length: Duration }
    | { readonly kind: "shut"; readonly pieces: readonly Duration[] }
    | { readonly kind: "heartbeat"; readonly app: number; readonly signal: HeartbeatKind }
    | { readonly kind: "sweep" }
  );

/** An app as rule 8 sees it; written from the rule's text, not from the code. */
interface Expected {
  readonly period: Duration;
  readonly grace: Duration;
  isUp: boolean;
  isMoved: boolean;
  lastAt: Instant;
  deadlineAt: Instant;
}

/** "A gap that ends before due − grace, or begins at or after the deadline, moves nothing." */
function expectGap(
  app: Expected,
  { from, to, cause }: Gap,
): boolean {
  const due = app.lastAt + app.period;
  const isTouched = app.isMoved || !(to < due - app.grace);
  if (!app.isUp || from >= app.deadlineAt || !isTouched) return false;
  // "A stalled gap under 10 s moves deadlines by its own length only."
  const isBrief = cause === "stalled" && to - from < 10 * SECOND;
  app.deadlineAt = app.isMoved || isBrief
    ? app.deadlineAt + (to - from)
    : to + app.period + app.grace;
  app.isMoved ||= !isBrief;
  return true;
}

/**
 * A clock set ahead is a gap, and carries along the deadlines that this does
 * not touch. It may have been a sleep: a heartbeat is expected from where it was.
 */
function expectSetAhead(app: Expected, gap: Gap): boolean {
  if (expectGap(app, gap)) return true;
  if (!app.isUp || gap.from >= app.deadlineAt) return false;
  app.deadlineAt += gap.to - gap.from;
  return false;
}

function expectHeartbeat(app: Expected, at: Instant, signal: HeartbeatKind): void {
  if (app.isUp && at >= app.deadlineAt) app.isUp = false;
  if (signal === "fail") app.isUp = false;
  if (signal !== "success") return;
  app.isUp = true;
  app.isMoved = false;
  app.lastAt = at;
  app.deadlineAt = at + app.period + app.grace;
}

/** Spans that often end at the same instant, or a millisecond before or after. */
function spans(most: number): fc.Arbitrary<Duration> {
  return fc.tuple(fc.integer({ min: 1, max: most }), fc.constantFrom(-1, 0, 1))
    .map(([tens, off]) => tens * 10 * SECOND + off);
}

const EXPECTATION = fc.record({
  period: fc.option(fc.integer({ min: 1, max: 40 }).map((tens) => tens * 10 * SECOND)),
  grace: fc.option(fc.integer({ min: 0, max: 12 }).map((tens) => tens * 10 * SECOND)),
});

const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("gap" as const), wait: spans(6), length: spans(9) }),
  fc.record({
    kind: fc.constant("gap" as const),
    wait: spans(6),
    length: fc.integer({ min: SECOND, max: 20 * SECOND }),
  }),
  fc.record({ kind: fc.constant("set ahead" as const), wait: spans(6), length: spans(9) }),
  fc.record({
    kind: fc.constant("shut" as const),
    wait: spans(6),
    pieces: fc.array(spans(4), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("heartbeat" as const),
    wait: spans(3),
    app: fc.nat({ max: 5 }),
    signal: fc.constantFrom("success", "success", "success", "fail", "log"),
  }),
  fc.record({ kind: fc.constant("sweep" as const), wait: spans(3) }),
);

Deno.test("whatever happens, deadlines and the ledger are as rule 8 has them", async () => {
  const apps = fc.array(EXPECTATION, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(apps, fc.array(STEP, { maxLength: 20 }), async (settings, steps) => {
      const { store, clock, deafen } = await listeningStore();
      using _ = store;
      const oracle: Expected[] = [];
      for (const [index, { period, grace }] of settings.entries()) {
        const about = { name: null, note: null, tags: [], period, grace };
        await store.register(String(index), about, clock.now());
        oracle.push({
          period: period ?? PERIOD,
          grace: grace ?? GRACE,
          isUp: false,
          isMoved: false,
          lastAt: 0,
          deadlineAt: 0,
        });
      }
      const expectedGaps: Noted[] = [];

      for (const step of steps) {
        clock.advance(step.wait);
        const now = clock.now();
        switch (step.kind) {
          case "gap": {
            await deafen(step.length);
            const gap: Gap = { from: now, to: now + step.length, cause: "stalled" };
            const moved = oracle.filter((app) => expectGap(app, gap)).length;
            expectedGaps.push({ ...gap, moved });
            break;
          }
          case "set ahead": {
            await store.listen();
            clock.set(step.length);
            await store.listen();
            const gap: Gap = { from: now, to: now + step.length, cause: "clock" };
            const moved = oracle.filter((app) => expectSetAhead(app, gap)).length;
            expectedGaps.push({ ...gap, moved });
            break;
          }
          case "shut": {
            store.reached(now);
            store.unreached();
            for (const length of step.pieces) {
              clock.advance(length);
              await store.listen();
            }
            store.reached(clock.now());
            await store.listen();
            const to = clock.now();
            const gap: Gap = { from: now, to, cause: "unreachable" };
            const moved = oracle.filter((app) => expectGap(app, gap)).length;
            expectedGaps.push({ ...gap, moved });
            break;
          }
          case "heartbeat": {
            const index = step.app % oracle.length;
            await store.record([heartbeat(String(index), { at: now, kind: step.signal })]);
            const app = oracle[index];
            if (app !== undefined) expectHeartbeat(app, now, step.signal);
            break;
          }
          case "sweep": {
            await store.takeDown(now, 10);
            for (const app of oracle) app.isUp &&= app.deadlineAt > now;
            break;
          }
        }
      }

      for (const [index, app] of oracle.entries()) {
        const state = (await store.app(String(index)))?.state;
        assert.equal(state?.kind === "up", app.isUp);
        if (state?.kind !== "up") continue;
        assert.equal(state.deadlineAt, app.deadlineAt);
        assert.equal(state.excusedAt !== null, app.isMoved);
      }
      const { gaps } = await store.gaps({ limit: 50, before: null });
      const noted = gaps.filter(({ from, to }) => from < to).toReversed();
      assert.deepEqual(noted, expectedGaps);
    }),
    { numRuns: 300 },
  );
});

Deno.test("only an app that is up is moved, and none that is new, down, paused or ignored", async () => {
  const noted: Noted[] = [];
  const { store, clock, deafen } = await listeningStore({
    onGap: (gap, moved) => noted.push({ ...gap, moved }),
    admission: { autoRegister: true, maxApps: 10, ignoredApps: new Set(["ignored"]) },
  });
  using _ = store;
  await store.record([
    heartbeat("up"),
    heartbeat("new", { kind: "start" }),
    heartbeat("down", { kind: "fail" }),
    heartbeat("paused"),
    heartbeat("ignored"),
  ]);
  await store.pause("paused", clock.now());
  const ids = ["new", "down", "paused", "ignored"];
  const before = await Promise.all(ids.map((id) => store.app(id)));

  await deafen(HOUR);

  const after = await Promise.all(ids.map((id) => store.app(id)));
  assert.deepEqual(after, before);
  assert.deepEqual(noted, [{ from: START, to: START + HOUR, cause: "stalled", moved: 1 }]);
});

Deno.test("we are known to have listened up to the later of the mark and the last heartbeat", async () => {
  const { store, clock } = await listeningStore();
  using _ = store;

  const begun = await store.heardUntil();
  clock.advance(SECOND);
  await store.record([heartbeat("a", { at: clock.now() })]);
  const heard = await store.heardUntil();
  clock.advance(SECOND);
  await store.endListening(clock.now());
  const ended = await store.heardUntil();

  assert.deepEqual([begun, heard, ended], [START, START + SECOND, START + 2 * SECOND]);
});

Deno.test("who never listened knows of no gap, and who had heartbeats counts from the last", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  {
    using store = await openStore({ path, clock });
    assert.equal(await store.heardUntil(), null);
    await store.record([heartbeat("a")]);
  }
  clock.advance(HOUR);
  using store = await openStore({ path, clock });

  const gap = await store.beginListening();

  assert.deepEqual(gap, { from: START, to: START + HOUR, cause: "off" });
});

Deno.test("a heartbeat stored before the clock was set back is not heard in time to come", async () => {
  const { store, clock } = await listeningStore();
  using _ = store;
  await store.record([heartbeat("a")]);

  clock.set(-DAY);
  await store.listen();

  assert.equal(await store.heardUntil(), START - DAY);
});

Deno.test("a heartbeat that waited while the clock was set back did not come in time to come", async () => {
  const { store, clock } = await listeningStore();
  using _ = store;

  const waiting = store.record([heartbeat("a", { at: clock.now() })]);
  clock.set(-DAY);
  await waiting;

  assert.equal((await store.app("a"))?.lastHeartbeat?.at, START - DAY);
  assert.equal(await store.nextDeadline(), START - DAY + SILENCE);
});

Deno.test("after a gap that nobody can measure every deadline counts from its end", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.db`;
  const clock = new FakeClock();
  const noted: Noted[] = [];
  const onGap = (gap: Gap, moved: number) => noted.push({ ...gap, moved });
  {
    using store = await openStore({ path, clock, cadence: PATIENT });
    await store.beginListening();
    await store.record([heartbeat("late")]);
    clock.advance(SECOND);
    await store.record([heartbeat("alive", { at: clock.now() })]);
    clock.advance(SILENCE - SECOND);
    await store.endListening(clock.now());
  }
  clock.set(-DAY);
  const back = clock.now();
  using store = await openStore({ path, clock, onGap });

  await store.beginListening();

  assert.deepEqual(noted, [{ from: back, to: back, cause: "off", moved: 1 }]);
  const alive = await store.app("alive");
  assert.equal(alive?.state.kind === "up" && alive.state.deadlineAt, back + SILENCE);
  // Its deadline had passed while somebody listened: it is down from then on.
  assert.equal((await store.takeDown(back, 10)).down, 1);
  assert.equal((await store.app("late"))?.state.kind, "down");
});

/** Rows in each of which one instant stands, a minute before what is `now` by the old clock. */
function fill(db: Database, now: Instant): void {
  const at = now - MINUTE;
  const letter = `'s', 't', 'h', 0`;
  const statements = [
    `INSERT INTO apps (id, app_id, state, success_at, deadline_at, old_deadline_at, excused_at,
       snoozed_until, flapping_since, last_heartbeat_at)
     VALUES (1, 'up', 'up', ${at}, ${at}, ${at}, ${at}, ${at}, ${at}, ${at})`,
    `INSERT INTO apps (id, app_id, state) VALUES (2, 'down', 'new')`,
    `INSERT INTO flips (id, app, at, from_state, to_state, reason, owed_to)
     VALUES (1, 2, ${at}, 'new', 'down', 'fail', 1)`,
    `UPDATE apps SET state = 'down', incident = 1, down_since = ${at}, muted_until = ${at}
     WHERE id = 2`,
    `INSERT INTO segments (app, first, from_at, to_at, count, tail, beats)
     VALUES (2, 1, ${at}, ${at}, 1, '', '[0]')`,
    `INSERT INTO messages (id, address, message_id, state, next_try_at, taken_at, composed_at,
       subject, text, html, is_good_news)
     VALUES (1, 'a', 'waiting', 'waiting', ${at}, NULL, ${at}, ${letter}),
       (2, 'a', 'sent', 'sent', NULL, ${at}, ${at}, ${letter}),
       (3, 'a', 'sent before', 'sent', NULL, ${now - 2 * DAY}, ${at}, ${letter}),
       (4, 'a', 'sent long ago', 'sent', NULL, ${now - 30 * DAY}, ${at}, ${letter})`,
    `INSERT INTO debts
       (flip, address, state, message, is_down, owed_from, refused_at, reminded_at, precedence)
     VALUES (1, 'waiting', 'waiting', 1, 1, ${at}, ${at}, NULL, 1),
       (1, 'sent', 'sent', 2, 1, ${at}, ${at}, ${at}, 1)`,
    `UPDATE mail_server SET failures = 1, next_try_at = ${at}`,
    `INSERT INTO gaps (id, began_at, ended_at, cause, moved, is_told)
     VALUES (1, ${at}, ${at}, 'off', 1, 1), (2, ${at}, ${at}, 'off', 1, 1)`,
    `INSERT INTO occasions (address, told_gap, gap_letter_at, proof_from, proof_flip)
     VALUES ('a', 1, ${at}, ${at}, 0)`,
    `INSERT INTO tokens (hash, purpose, expires_at) VALUES ('h', 'pass', ${at})`,
  ];
  for (const sql of statements) db.run(sql);
}

Deno.test("a clock set back takes along all that time is counted from, and no history", async (t) => {
  const moved = [
    "success_at FROM apps WHERE id = 1",
    "deadline_at FROM apps WHERE id = 1",
    "excused_at FROM apps WHERE id = 1",
    "old_deadline_at FROM apps WHERE id = 1",
    "snoozed_until FROM apps WHERE id = 1",
    "flapping_since FROM apps WHERE id = 1",
    "muted_until FROM apps WHERE id = 2",
    "owed_from FROM debts WHERE state = 'waiting'",
    "refused_at FROM debts WHERE state = 'waiting'",
    "reminded_at FROM debts WHERE state = 'sent'",
    "next_try_at FROM messages WHERE id = 1",
    "taken_at FROM messages WHERE id = 2",
    "next_try_at FROM mail_server",
    "ended_at FROM gaps WHERE id = 2",
    "gap_letter_at FROM occasions",
    "proof_from FROM occasions",
    "expires_at FROM tokens",
  ];
  const kept = [
    "last_heartbeat_at FROM apps WHERE id = 1",
    "down_since FROM apps WHERE id = 2",
    "to_at FROM segments",
    "at FROM flips",
    "owed_from FROM debts WHERE state = 'sent'",
    "composed_at FROM messages WHERE id = 2",
    "ended_at FROM gaps WHERE id = 1",
    "taken_at FROM messages WHERE id = 4",
  ];
  const by = 7 * DAY;
  const { database } = await openDatabase(IN_MEMORY);
  using db = database;
  fill(db, START);
  const read = (what: string) => Number(Object.values(db.get(`SELECT ${what}`) ?? {})[0]);
  const before = new Map([...moved, ...kept].map((what) => [what, read(what)]));
  const beforeThat = "taken_at FROM messages WHERE id = 3";

  shiftClock(db, by, START - by);

  for (const what of moved) {
    await t.step(`moved: ${what}`, () => assert.equal(read(what), (before.get(what) ?? 0) - by));
  }
  for (const what of kept) {
    await t.step(`kept: ${what}`, () => assert.equal(read(what), before.get(what)));
  }
  await t.step("no letter was taken in time to come, however far back the clock was set", () => {
    assert.equal(read(beforeThat), START - 2 * DAY - by);
  });
});

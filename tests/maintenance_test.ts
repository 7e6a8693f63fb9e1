import assert from "node:assert/strict";
import fc from "fast-check";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND, WEEK } from "../lib/clock.ts";
import {
  coverAt,
  coveredUntil,
  isOver,
  type MaintenanceWindow,
  mutedUntil,
  type NewWindow,
  type Recurrence,
  WEEKDAYS,
  type WindowScope,
} from "../lib/maintenance.ts";
import { START } from "./support/fake_clock.ts";
import { coveredUntilByMinutes } from "./support/window_oracle.ts";

const ALL: WindowScope = { kind: "all" };

/** Instants at which clocks were set, or nothing happened. */
const CHANGES: readonly (readonly [zone: string, at: Instant])[] = [
  ["Europe/Berlin", Date.parse("2026-03-29T01:00Z")],
  ["Europe/Berlin", Date.parse("2026-10-25T01:00Z")],
  ["America/New_York", Date.parse("2026-03-08T07:00Z")],
  ["America/New_York", Date.parse("2026-11-01T06:00Z")],
  ["Australia/Lord_Howe", Date.parse("2026-10-03T15:30Z")],
  ["Australia/Lord_Howe", Date.parse("2026-04-04T15:00Z")],
  ["Pacific/Apia", Date.parse("2011-12-30T10:00Z")],
  ["Asia/Kolkata", START],
  ["UTC", START],
];

function once(at: Instant, length: Duration): NewWindow {
  return { scope: ALL, recurrence: { kind: "once", at }, length, note: null };
}

function daily(timeOfDay: Duration, length: Duration, timeZone: string): NewWindow {
  return { scope: ALL, recurrence: { kind: "daily", timeOfDay, timeZone }, length, note: null };
}

function sunday(timeOfDay: Duration, length: Duration, timeZone: string): NewWindow {
  const recurrence = { kind: "weekly", weekday: "sun", timeOfDay, timeZone } as const;
  return { scope: ALL, recurrence, length, note: null };
}

/** Where it begins to cover and where it ends, by the texts of both instants. */
const SPANS: readonly (readonly [string, NewWindow, string, string])[] = [
  [
    "once",
    once(Date.parse("2026-11-24T02:00Z"), 90 * SECOND),
    "2026-11-24T02:00Z",
    "2026-11-24T02:01:30Z",
  ],
  [
    "daily, across midnight",
    daily(23 * HOUR, 2 * HOUR, "Asia/Kolkata"),
    "2026-11-24T17:30Z",
    "2026-11-24T19:30Z",
  ],
  [
    "weekly",
    sunday(2.5 * HOUR, 2 * HOUR, "Europe/Moscow"),
    "2026-11-28T23:30Z",
    "2026-11-29T01:30Z",
  ],
  ["a week long", sunday(0, WEEK - SECOND, "UTC"), "2026-11-22T00:00Z", "2026-11-28T23:59:59Z"],
  [
    "a start left out by the clocks",
    daily(2.5 * HOUR, 2 * HOUR, "Europe/Berlin"),
    "2026-03-29T01:00Z",
    "2026-03-29T03:00Z",
  ],
  [
    "a start that comes twice",
    daily(2.5 * HOUR, 30 * MINUTE, "Europe/Berlin"),
    "2026-10-25T00:30Z",
    "2026-10-25T01:00Z",
  ],
  [
    "across the hour that comes twice",
    sunday(HOUR, 2 * HOUR, "America/New_York"),
    "2026-11-01T05:00Z",
    "2026-11-01T07:00Z",
  ],
  [
    "across the half hour left out",
    sunday(HOUR, 2 * HOUR, "Australia/Lord_Howe"),
    "2026-10-03T14:30Z",
    "2026-10-03T16:30Z",
  ],
  [
    "on a day left out whole",
    daily(12 * HOUR, HOUR, "Pacific/Apia"),
    "2011-12-30T10:00Z",
    "2011-12-30T11:00Z",
  ],
];

Deno.test("a window holds its start and not its end, and lasts as long on any day", async (t) => {
  for (const [name, window, start, end] of SPANS) {
    await t.step(name, () => {
      const from = Date.parse(start);
      const until = Date.parse(end);

      const seen = [from - 1, from, until - 1, until].map((at) => coveredUntil(window, at));

      assert.deepEqual(seen, [null, until, until, null]);
    });
  }
});

Deno.test("a window covers what a clock on the wall says, minute by minute", () => {
  const recurrence = fc.record({
    kind: fc.constantFrom("daily", "weekly"),
    weekday: fc.constantFrom(...WEEKDAYS),
    minutes: fc.oneof(fc.nat(1_439), fc.integer({ min: 90, max: 200 })),
  });
  const length = fc.oneof(fc.integer({ min: 1, max: 1_440 }), fc.integer({ min: 1, max: 10_080 }));
  const distance = fc.oneof(
    fc.integer({ min: -12 * 60, max: 36 * 60 }).map((minutes) => minutes * MINUTE),
    fc.integer({ min: -WEEK, max: WEEK }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...CHANGES),
      recurrence,
      length,
      distance,
      ([timeZone, change], { kind, weekday, minutes }, most, distance) => {
        const start = { timeOfDay: minutes * MINUTE, timeZone };
        const recurrence = kind === "daily"
          ? { kind: "daily", ...start } as const
          : { kind: "weekly", weekday, ...start } as const;
        const length = Math.min(most * MINUTE, kind === "daily" ? DAY : WEEK);
        const at = change + distance;

        const until = coveredUntil({ scope: ALL, recurrence, length, note: null }, at);

        assert.equal(until, coveredUntilByMinutes(recurrence, length, at));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("who asks again at its end finds a window of a whole day going on, but not in a 25th hour", async (t) => {
  const window = daily(2.5 * HOUR, DAY, "Europe/Berlin");
  const cases = [
    ["2026-11-24T12:00Z", ["2026-11-25T01:30", "2026-11-26T01:30", "2026-11-27T01:30"]],
    ["2026-03-28T12:00Z", ["2026-03-29T01:30", "2026-03-30T01:00", "2026-03-31T00:30"]],
    ["2026-10-24T12:00Z", ["2026-10-25T00:30", "2026-10-26T00:30"]],
  ] as const;
  for (const [from, expected] of cases) {
    await t.step(from, () => {
      const ends: string[] = [];
      for (let at: Instant | null = Date.parse(from); at !== null && ends.length < 3;) {
        at = coveredUntil(window, at);
        if (at !== null) ends.push(new Date(at).toISOString().slice(0, 16));
      }

      assert.deepEqual(ends, expected);
    });
  }
});

Deno.test("an app is muted until the last of the windows that cover it", async (t) => {
  const windows = ([
    [{ kind: "app", appId: "23" }, 1],
    [{ kind: "app", appId: "23" }, 3],
    [{ kind: "app", appId: "23" }, 2],
    [{ kind: "tag", tag: "shop" }, 4],
    [{ kind: "tag", tag: "23" }, 9],
    [{ kind: "tag", tag: "eu" }, 5],
    [{ kind: "tag", tag: "shop" }, 1],
  ] as const).map(([scope, hours], id): MaintenanceWindow => ({
    ...once(START, hours * HOUR),
    id,
    scope,
  }));
  const everybody: MaintenanceWindow = { ...once(START, 2 * HOUR), id: 99 };
  const cases: readonly (readonly [string, readonly string[], number | null, number])[] = [
    ["7", [], null, 2],
    ["23", [], 3, 3],
    ["7", ["shop"], 4, 4],
    ["7", ["eu", "shop"], 5, 5],
    ["23", ["shop", "other"], 4, 4],
    ["shop", [], null, 2],
  ];
  for (const [id, tags, own, withAll] of cases) {
    await t.step(`${id} [${tags}]`, () => {
      const app = { id, tags };
      const until = mutedUntil(app, coverAt(windows, START));
      const untilWithAll = mutedUntil(app, coverAt([...windows, everybody], START));
      const before = mutedUntil(app, coverAt([...windows, everybody], START - 1));

      assert.equal(until, own === null ? null : START + own * HOUR);
      assert.equal(untilWithAll, START + withAll * HOUR);
      assert.equal(before, null);
    });
  }
});

Deno.test("a window in a zone that was dropped since covers nothing, and breaks nothing", () => {
  const dropped: MaintenanceWindow = { ...daily(0, DAY, "Mars/Olympus_Mons"), id: 1 };
  const other: MaintenanceWindow = { ...once(START, HOUR), id: 2 };

  const until = mutedUntil({ id: "23", tags: [] }, coverAt([dropped, other], START));

  assert.equal(until, START + HOUR);
});

Deno.test("only a window that comes once is ever over, at its end", () => {
  const window = once(START, HOUR);
  const recurring: readonly Recurrence[] = [
    { kind: "daily", timeOfDay: 0, timeZone: "UTC" },
    { kind: "weekly", weekday: "sun", timeOfDay: 0, timeZone: "UTC" },
  ];

  const seen = [START + HOUR - 1, START + HOUR].map((now) => isOver(window, now));
  const never = recurring.map((each) => isOver({ ...window, recurrence: each }, START + 400 * DAY));

  assert.deepEqual([...seen, ...never], [false, true, false, false]);
});

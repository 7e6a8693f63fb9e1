import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type App,
  deadline,
  expectation,
  expectedAnew,
  parseAppId,
  register,
  silence,
  status,
  upFrom,
} from "../lib/app.ts";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { START } from "./support/fake_clock.ts";

const DEFAULTS = { period: MINUTE, grace: 30 * SECOND };
const DUE = START + MINUTE;
const DEADLINE = DUE + 30 * SECOND;

const UP: App = {
  ...register("23", { isIgnored: false }),
  state: upFrom(START, DEFAULTS),
  lastHeartbeat: { at: START, message: "OK:200" },
};

Deno.test("parseAppId() takes whole numbers and names, each in one form", async (t) => {
  const cases: readonly (readonly [unknown, string | null])[] = [
    [0, "0"],
    [-0, "0"],
    [23, "23"],
    [23.0, "23"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
    ["7", "7"],
    ["007", "007"],
    ["billing", "billing"],
    ["Web_1.eu-west", "Web_1.eu-west"],
    ["a".repeat(100), "a".repeat(100)],
    [Number.MAX_SAFE_INTEGER + 1, null],
    [2 ** 70, null],
    [Number("1e999"), null],
    [NaN, null],
    [1.5, null],
    [-5, null],
    [null, null],
    [undefined, null],
    [true, null],
    [[1], null],
    [{}, null],
    ["", null],
    ["a".repeat(101), null],
    ["a b", null],
    ["почта", null],
    ["a\n", null],
    ["a\u0000", null],
    ["../x", null],
    [".hidden", null],
    ["-x", null],
    ["_x", null],
  ];
  for (const [value, expected] of cases) {
    await t.step(`${typeof value} ${JSON.stringify(value)}`, () => {
      assert.equal(parseAppId(value), expected);
    });
  }
});

Deno.test("parseAppId() makes a number and its canonical decimal text the same app", () => {
  fc.assert(fc.property(fc.maxSafeNat(), (number) => {
    assert.equal(parseAppId(number), parseAppId(String(number)));
  }));
});

Deno.test("parseAppId() gives back what it once gave", () => {
  fc.assert(fc.property(fc.anything(), (value) => {
    const id = parseAppId(value);
    if (id !== null) assert.equal(parseAppId(id), id);
  }));
});

Deno.test("an app is up, then late, then down, at exact instants", async (t) => {
  const cases = [
    [START, "up"],
    [DUE - 1, "up"],
    [DUE, "late"],
    [DUE + 1, "late"],
    [DEADLINE - 1, "late"],
    [DEADLINE, "down"],
    [DEADLINE + 1, "down"],
  ] as const;
  for (const [now, expected] of cases) {
    await t.step(`${now - START} ms after its heartbeat`, () => {
      assert.equal(status(UP, now, DEFAULTS), expected);
    });
  }
});

Deno.test("silence() is a flip at the deadline, however late it is noticed", async (t) => {
  const flip = {
    appId: "23",
    at: DEADLINE,
    from: "up",
    to: "down",
    reason: "silence",
    heartbeat: { at: START, message: "OK:200" },
  };
  await t.step("not before it", () => assert.equal(silence(UP, DEADLINE - 1), null));
  await t.step("at it", () => assert.deepEqual(silence(UP, DEADLINE), flip));
  await t.step("a millisecond after", () => assert.deepEqual(silence(UP, DEADLINE + 1), flip));
  await t.step("a year after", () => assert.deepEqual(silence(UP, START * 2), flip));
});

Deno.test("silence does not count for an app that is not up, or is ignored", () => {
  const states: readonly App["state"][] = [
    { kind: "new" },
    { kind: "down", since: START },
    { kind: "paused" },
  ];
  for (const state of states) {
    assert.equal(deadline({ ...UP, state }), null);
    assert.equal(silence({ ...UP, state }, DEADLINE), null);
  }
  assert.equal(silence({ ...UP, isIgnored: true }, DEADLINE), null);
  assert.equal(status({ ...UP, isIgnored: true }, DEADLINE, DEFAULTS), "ignored");
});

Deno.test("an app's own period and grace win over the defaults", () => {
  const own: App = { ...UP, period: 2 * MINUTE };

  assert.equal(status(own, START + 2 * MINUTE - 1, DEFAULTS), "down"); // its stored deadline stands
  const expectations = { before: DEFAULTS, after: expectation(own, DEFAULTS) };
  assert.deepEqual(expectedAnew(own, expectations, START).state, {
    kind: "up",
    successAt: START,
    excusedAt: null,
    deadlineAt: START + 2 * MINUTE + 30 * SECOND,
    oldDeadlineAt: null,
    isPutOff: false,
  });
});

Deno.test("changed defaults never move a deadline to before the change", () => {
  const shorter = { period: SECOND, grace: SECOND };
  const change = START + 50 * SECOND;

  const moved = expectedAnew(UP, { before: DEFAULTS, after: shorter }, change);

  assert.equal(deadline(moved), change);
});

Deno.test("a longer default period brings no down app up", () => {
  const down: App = { ...UP, state: { kind: "down", since: DEADLINE } };

  const expectations = { before: DEFAULTS, after: { period: 100 * MINUTE, grace: 0 } };
  assert.deepEqual(expectedAnew(down, expectations, DEADLINE), down);
});

Deno.test("a deadline that a clock set ahead has carried is carried as far under another setting", () => {
  const carried: App = {
    ...UP,
    state: { ...upFrom(START, DEFAULTS), deadlineAt: DEADLINE + HOUR },
  };
  const longer = { period: DEFAULTS.period + MINUTE, grace: DEFAULTS.grace };

  const moved = expectedAnew(carried, { before: DEFAULTS, after: longer }, START);

  assert.equal(deadline(moved), DEADLINE + HOUR + MINUTE);
});

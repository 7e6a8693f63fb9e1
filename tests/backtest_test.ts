import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, register, silence } from "../lib/app.ts";
import { ALARMS_LISTED, judgeSilences, type Surroundings } from "../lib/backtest.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from "../lib/clock.ts";
import type { Flip } from "../lib/flip.ts";
import { type HeartbeatKind, receive } from "../lib/heartbeat.ts";
import { SilenceFinder, unjudged } from "../lib/silence_finder.ts";
import { APART, type Beat, Silences } from "../lib/silences.ts";
import { START } from "./support/fake_clock.ts";
import { DEFAULTS, heartbeat } from "./support/store.ts";

const NOTHING_ELSE: Surroundings = { gaps: [], quiet: [] };

/** Beats at these times after the start, by default successes. */
function beats(
  offsets: readonly (Duration | readonly [Duration, HeartbeatKind])[],
  isThinned = false,
): readonly Beat[] {
  return offsets.map((each) => {
    const [offset, kind] = typeof each === "number" ? [each, "success" as const] : each;
    return { at: START + offset, kind, isThinned };
  });
}

/** The silences between beats, and up to `now` after the start. */
function silencesOf(
  given: readonly Beat[],
  now: Duration,
  { app = register("23", { isIgnored: false }), flips = [] }: {
    readonly app?: App;
    readonly flips?: readonly Flip[];
  } = {},
): Silences {
  const silences = new Silences(START);
  const finder = new SilenceFinder(silences, unjudged(app, flips));
  for (const beat of given) finder.add(beat);
  finder.finish(START + now);
  return silences;
}

/** When alarms would have come after the start, the latest first. */
function alarmsOf(
  silences: Silences,
  around: Partial<Surroundings> = {},
  settings = DEFAULTS,
): readonly Duration[] {
  const { latest } = judgeSilences(silences, { ...NOTHING_ELSE, ...around }, settings);
  return latest.map(({ at }) => at - START);
}

function flip(at: Duration, to: Flip["to"], more: Partial<Flip> = {}): Flip {
  const appId = "23";
  return { appId, at: START + at, from: "up", to, reason: "paused", heartbeat: null, ...more };
}

Deno.test("a silence would have made an alarm at its deadline, and not a moment before", async (t) => {
  const table: readonly (readonly [string, readonly Beat[], Duration, readonly Duration[]])[] = [
    ["heard in time", beats([0, 90 * SECOND - 1]), 90 * SECOND, []],
    ["heard at the deadline", beats([0, 90 * SECOND]), 90 * SECOND, [90 * SECOND]],
    ["silent up to now", beats([0]), 90 * SECOND, [90 * SECOND]],
    ["not silent long enough up to now", beats([0]), 90 * SECOND - 1, []],
    ["no heartbeats", [], HOUR, []],
    ["a start is no success", beats([0, [MINUTE, "start"], 2 * MINUTE]), 0, [90 * SECOND]],
    ["a log neither", beats([0, [MINUTE, "log"], 2 * MINUTE]), 0, [90 * SECOND]],
    ["it said so itself before", beats([0, [MINUTE, "fail"], 5 * MINUTE]), 0, []],
    ["it said so itself after", beats([0, [2 * MINUTE, "fail"]]), 0, [90 * SECOND]],
    ["nothing but a fail", beats([[0, "fail"]]), HOUR, []],
    ["a clock that was set back", beats([HOUR, 0, MINUTE]), MINUTE, []],
  ];
  for (const [name, given, now, expected] of table) {
    await t.step(name, () => {
      const last = (given.at(-1)?.at ?? START) - START;
      assert.deepEqual(alarmsOf(silencesOf(given, Math.max(now, last))), expected);
    });
  }
});

Deno.test("an alarm tells since when, and until when; short ones are counted", () => {
  const ends = [0, 90 * SECOND + MINUTE - 1, HOUR, HOUR + 90 * SECOND + 5 * MINUTE, 3 * HOUR];
  const silences = silencesOf(beats(ends), 4 * HOUR);

  const verdict = judgeSilences(silences, NOTHING_ELSE, DEFAULTS);

  assert.deepEqual([verdict.alarms, verdict.underMinute, verdict.underTenMinutes], [5, 1, 2]);
  assert.deepEqual(verdict.latest[0], {
    since: START + 3 * HOUR,
    at: START + 3 * HOUR + 90 * SECOND,
    endedAt: null,
  });
  assert.deepEqual(verdict.latest.at(-1), {
    since: START,
    at: START + 90 * SECOND,
    endedAt: START + 90 * SECOND + MINUTE - 1,
  });
});

Deno.test("all alarms are counted, the latest are named", () => {
  const every = 5 * MINUTE;
  const given = beats(Array.from({ length: ALARMS_LISTED + 10 }, (_, index) => index * every));

  const silences = silencesOf(given, (ALARMS_LISTED + 10) * every);
  const { alarms, latest } = judgeSilences(silences, NOTHING_ELSE, DEFAULTS);

  assert.deepEqual([alarms, latest.length], [ALARMS_LISTED + 10, ALARMS_LISTED]);
  assert.equal(latest[0]?.since, START + (ALARMS_LISTED + 9) * every);
});

Deno.test("a gap excuses as rule 8 says", async (t) => {
  const gap = (from: Duration, to: Duration, cause: "off" | "clock" = "off") => {
    return { from: START + from, to: START + to, cause };
  };
  const table: readonly (readonly [string, Surroundings["gaps"], readonly Duration[]])[] = [
    ["that ended before anything was expected", [gap(5 * SECOND, 29 * SECOND)], [90 * SECOND]],
    ["that ended as something was", [gap(5 * SECOND, 30 * SECOND)], [2 * MINUTE]],
    ["that began before the deadline", [gap(89 * SECOND, 10 * MINUTE)], [11.5 * MINUTE]],
    ["that began at the deadline", [gap(90 * SECOND, 10 * MINUTE)], [90 * SECOND]],
    [
      "and another in the same silence, by its length",
      [gap(MINUTE, 2 * MINUTE), gap(3 * MINUTE, 4 * MINUTE)],
      [4.5 * MINUTE],
    ],
    ["that was over before the heartbeat", [gap(-MINUTE, 0)], [90 * SECOND]],
    [
      "and a clock set ahead carries what it does not touch",
      [gap(SECOND, 11 * SECOND, "clock")],
      [100 * SECOND],
    ],
  ];
  for (const [name, gaps, expected] of table) {
    await t.step(name, () => {
      assert.deepEqual(alarmsOf(silencesOf(beats([0]), HOUR), { gaps }), expected);
    });
  }
});

Deno.test("in maintenance there is no alarm, but when it ends of what is silent then", () => {
  const silences = silencesOf(beats([0, 10 * MINUTE, HOUR, 3 * HOUR]), 3 * HOUR);
  const span = (from: Duration, to: Duration) => ({ from: START + from, to: START + to });
  const quiet = [span(MINUTE, 20 * MINUTE), span(HOUR, 2 * HOUR)];

  assert.deepEqual(alarmsOf(silences, { quiet }), [2 * HOUR, 20 * MINUTE]);
});

Deno.test("what was paused or ignored is left out", async (t) => {
  const given = beats([0, HOUR, 2 * HOUR, 3 * HOUR]);
  const after = (hours: number) => hours * HOUR + 90 * SECOND;
  const app = register("23", { isIgnored: false });
  const table: readonly (readonly [string, Parameters<typeof silencesOf>[2], Duration[]])[] = [
    ["never", {}, [after(3), after(2), after(1), after(0)]],
    [
      "from before a deadline on",
      {
        flips: [
          flip(MINUTE, "paused"),
          flip(1.5 * HOUR, "new", { from: "paused", reason: "resumed" }),
        ],
      },
      [after(3), after(2)],
    ],
    ["from after a deadline on", {
      app: { ...app, state: { kind: "paused" } },
      flips: [flip(2 * MINUTE, "paused")],
    }, [after(0)]],
    [
      "up to some moment, from before",
      { flips: [flip(1.5 * HOUR, "new", { from: "paused", reason: "resumed" })] },
      [after(3), after(2)],
    ],
    ["ignored up to the first heartbeat that counts", {
      flips: [
        flip(MINUTE, "new", { reason: "ignored" }),
        flip(2 * HOUR, "up", { from: "new", reason: "heartbeat" }),
      ],
    }, [after(3), after(2)]],
    ["ignored from the first", { app: { ...app, isIgnored: true } }, []],
  ];
  for (const [name, options, expected] of table) {
    await t.step(name, () => {
      assert.deepEqual(alarmsOf(silencesOf(given, 4 * HOUR, options)), expected);
    });
  }
});

Deno.test("thinned history is not taken for silence, and what it cannot tell is said", async (t) => {
  const train = Array.from({ length: 100 }, (_, index) => index * APART);
  const table: readonly (readonly [string, Duration, number, number])[] = [
    ["shorter than it is apart", SECOND, 0, 99],
    ["as long as it is apart", APART - SECOND, 0, 99],
    ["longer", APART, 0, 0],
  ];
  for (const [name, period, alarms, uncertain] of table) {
    await t.step(name, () => {
      const silences = silencesOf(beats(train, true), train.at(-1) ?? 0);
      const verdict = judgeSilences(silences, NOTHING_ELSE, { period, grace: SECOND });
      assert.deepEqual([verdict.alarms, verdict.uncertain], [alarms, uncertain]);
    });
  }
  await t.step("a real silence in it is found, at the latest that it can have begun", () => {
    const silences = silencesOf(beats([...train, HOUR], true), HOUR);
    assert.deepEqual(alarmsOf(silences), [(train.at(-1) ?? 0) + APART + 90 * SECOND]);
  });
  await t.step("one that was kept stands for successes that were not", () => {
    const logs = beats(train.map((offset) => [offset, "log"] as const), true);
    assert.deepEqual(alarmsOf(silencesOf(logs, train.at(-1) ?? 0)), []);
  });
});

Deno.test("with the app's own settings it agrees with what receive() and silence() do", () => {
  const kind = fc.constantFrom<HeartbeatKind>("success", "success", "success", "log", "fail");
  const step = fc.tuple(fc.integer({ min: 0, max: 4 * MINUTE }), kind);
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), fc.nat(5 * MINUTE), (steps, rest) => {
    let app = register("23", { isIgnored: false });
    let at: Instant = START;
    const flips: Flip[] = [];
    const given: Beat[] = [];
    for (const [wait, kind] of steps) {
      at += wait;
      const received = receive(app, heartbeat("23", { at, kind }), DEFAULTS);
      app = received.app;
      flips.push(...received.flips);
      given.push({ at, kind, isThinned: false });
    }
    const last = silence(app, at + rest);
    if (last !== null) flips.push(last);
    const fell = flips.filter(({ reason }) => reason === "silence").map((each) => each.at);

    const silences = silencesOf(given, at + rest - START);

    assert.deepEqual(alarmsOf(silences), fell.map((each) => each - START).reverse());
  }));
});

Deno.test("of very many silences the latest are kept", () => {
  const silences = new Silences(START);
  const total = 700_000;
  for (let index = 0; index < total; index++) {
    const from = START + index * SECOND;
    silences.add({ from, to: from + SECOND, end: "success", isThinned: false });
  }

  assert.equal(silences.count, 450_000);
  assert.equal(silences.since, START + (total - 450_000) * SECOND);
  assert.equal(silences.at(449_999).to, START + total * SECOND);
  assert.ok(total * SECOND < 30 * DAY);
});

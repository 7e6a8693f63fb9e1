import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, deadline, register, silence, upFrom } from "../lib/app.ts";
import { type Instant, MINUTE, SECOND } from "../lib/clock.ts";
import { type Flip, isNews } from "../lib/flip.ts";
import { type Heartbeat, type HeartbeatKind, parseSignal, receive } from "../lib/heartbeat.ts";
import { keptMessage, MESSAGE_LENGTH } from "../lib/message.ts";
import { START } from "./support/fake_clock.ts";

const DEFAULTS = { period: MINUTE, grace: 30 * SECOND };
const DEADLINE = START + 90 * SECOND;

const NEW = register("23", { isIgnored: false });
const UP: App = {
  ...NEW,
  state: upFrom(START, DEFAULTS),
};
const DOWN: App = { ...NEW, state: { kind: "down", since: START } };
const PAUSED: App = { ...NEW, state: { kind: "paused" } };

function heartbeat(kind: HeartbeatKind, at: Instant): Heartbeat {
  return { appId: "23", kind, message: kind, at, address: null, userAgent: null };
}

Deno.test("the table of states holds, cell by cell", async (t) => {
  const at = START + SECOND;
  const cases: readonly (readonly [App, HeartbeatKind, string, readonly string[]])[] = [
    [NEW, "success", "up", ["new>up"]],
    [NEW, "fail", "down", ["new>down!"]],
    [NEW, "start", "new", []],
    [NEW, "log", "new", []],
    [UP, "success", "up", []],
    [UP, "fail", "down", ["up>down!"]],
    [UP, "start", "up", []],
    [UP, "log", "up", []],
    [DOWN, "success", "up", ["down>up!"]],
    [DOWN, "fail", "down", []],
    [DOWN, "start", "down", []],
    [DOWN, "log", "down", []],
    [PAUSED, "success", "paused", []],
    [PAUSED, "fail", "paused", []],
    [PAUSED, "start", "paused", []],
    [PAUSED, "log", "paused", []],
  ];
  for (const [before, kind, state, flips] of cases) {
    await t.step(`${before.state.kind} + ${kind}`, () => {
      const after = receive(before, heartbeat(kind, at), DEFAULTS);

      assert.equal(after.app.state.kind, state);
      assert.deepEqual(after.flips.map(sides), flips);
      assert.deepEqual(after.app.lastHeartbeat, { at, message: kind });
    });
  }
});

Deno.test("an ignored app's heartbeats are stored and judge nothing", () => {
  for (const kind of ["success", "fail", "start", "log"] as const) {
    const after = receive({ ...NEW, isIgnored: true }, heartbeat(kind, START), DEFAULTS);

    assert.deepEqual(after.app.state, { kind: "new" });
    assert.deepEqual(after.flips, []);
    assert.deepEqual(after.app.lastHeartbeat, { at: START, message: kind });
  }
});

Deno.test("only a success moves the deadline", async (t) => {
  const at = START + 10 * SECOND;
  for (
    const [kind, expected] of [["success", at + 90 * SECOND], ["start", DEADLINE], [
      "log",
      DEADLINE,
    ]] as const
  ) {
    await t.step(kind, () => {
      assert.equal(deadline(receive(UP, heartbeat(kind, at), DEFAULTS).app), expected);
    });
  }
});

Deno.test("a heartbeat at the deadline comes too late, one a millisecond before in time", async (t) => {
  const cases = [
    [DEADLINE - 1, []],
    [DEADLINE, ["up>down!", "down>up!"]],
    [DEADLINE + 1, ["up>down!", "down>up!"]],
  ] as const;
  for (const [at, flips] of cases) {
    await t.step(`${at - DEADLINE} ms`, () => {
      const after = receive(UP, heartbeat("success", at), DEFAULTS);

      assert.equal(after.app.state.kind, "up");
      assert.deepEqual(after.flips.map(sides), flips);
      if (flips.length > 0) assert.equal(after.flips[0]?.at, DEADLINE);
    });
  }
});

/** The whole life of an app, swept at these instants beside. */
function live(signals: readonly Heartbeat[], sweeps: readonly Instant[], end: Instant) {
  let app = NEW;
  const flips: Flip[] = [];
  const look = (now: Instant) => {
    const fell = silence(app, now);
    if (fell === null) return;
    flips.push(fell);
    app = { ...app, state: { kind: "down", since: fell.at } };
  };
  const events = [
    ...signals.map((signal) => ({ at: signal.at, signal })),
    ...sweeps.map((at) => ({ at, signal: null })),
  ].sort((a, b) => a.at - b.at);
  for (const { at, signal } of events) {
    if (signal === null) {
      look(at);
      continue;
    }
    const after = receive(app, signal, DEFAULTS);
    app = after.app;
    flips.push(...after.flips);
  }
  look(end);
  return { app, flips };
}

const END = START + 3_600 * SECOND;
const INSTANTS = fc.integer({ min: START, max: END - 1 });
const SIGNALS = fc.array(
  fc.tuple(fc.constantFrom<HeartbeatKind>("success", "start", "fail", "log"), INSTANTS),
  { maxLength: 40 },
).map((all) => all.map(([kind, at]) => heartbeat(kind, at)).sort((a, b) => a.at - b.at));

Deno.test("history does not depend on when the sweep ran", () => {
  fc.assert(fc.property(SIGNALS, fc.array(INSTANTS, { maxLength: 40 }), (signals, sweeps) => {
    assert.deepEqual(live(signals, sweeps, END), live(signals, [], END));
  }));
});

Deno.test("an app's flips alternate, lead to its state, and are in order", () => {
  fc.assert(fc.property(SIGNALS, (signals) => {
    const { app, flips } = live(signals, [], END);

    let state: string = "new";
    let at = 0;
    for (const flip of flips) {
      assert.equal(flip.from, state);
      assert.ok(flip.at >= at);
      state = flip.to;
      at = flip.at;
    }
    assert.equal(app.state.kind, state);
  }));
});

Deno.test("an app that beats in time is never taken down", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 90 * SECOND - 1 }), {
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(fc.property(gaps, fc.array(INSTANTS), (spans, sweeps) => {
    let at = START;
    const signals = spans.map((span) => heartbeat("success", at += span));

    const { flips } = live(signals, sweeps.filter((sweep) => sweep < at), at);

    assert.deepEqual(flips.map(sides), ["new>up"]);
  }));
});

Deno.test("parseSignal() takes what the original client sends, and the rest of the contract", async (t) => {
  const cases: readonly (readonly [unknown, object])[] = [
    [{ app_id: 23 }, { appId: "23", kind: "success", message: null }],
    [{ app_id: 23, message: "OK:200" }, { appId: "23", kind: "success", message: "OK:200" }],
    [{ app_id: "a", message: 1.5, kind: "log" }, { appId: "a", kind: "log", message: "1.5" }],
    [{ app_id: "a", message: false, kind: null }, {
      appId: "a",
      kind: "success",
      message: "false",
    }],
    [{ app_id: "a", message: null, more: [1] }, { appId: "a", kind: "success", message: null }],
    [{ app_id: "a", message: "a\0b\ud800" }, { appId: "a", kind: "success", message: "a␀b\ufffd" }],
    [JSON.parse('{"__proto__": {"app_id": 1}, "app_id": 2}'), {
      appId: "2",
      kind: "success",
      message: null,
    }],
  ];
  for (const [value, expected] of cases) {
    await t.step(JSON.stringify(value), () => {
      assert.deepEqual(parseSignal(value), { ...expected, isTruncated: false });
    });
  }
});

Deno.test("parseSignal() names every field that is wrong", async (t) => {
  const cases: readonly (readonly [unknown, readonly string[]])[] = [
    [{}, ["app_id"]],
    [null, [""]],
    ["x", [""]],
    [[], [""]],
    [{ app_id: 1.5, message: {}, kind: "beat" }, ["app_id", "message", "kind"]],
    [{ app_id: 1, message: [] }, ["message"]],
    [{ app_id: 1, kind: 7 }, ["kind"]],
    [JSON.parse('{"__proto__": {"app_id": 1}}'), ["app_id"]],
  ];
  for (const [value, paths] of cases) {
    await t.step(JSON.stringify(value), () => {
      const details = parseSignal(value);
      assert.ok(Array.isArray(details));
      assert.deepEqual(details.map(({ path }) => path), paths);
    });
  }
});

Deno.test("an over-long message loses its middle, and is said to be cut", () => {
  const text = "x".repeat(MESSAGE_LENGTH + 1);
  const signal = { appId: "1", kind: "success" };

  const whole = parseSignal({ app_id: 1, message: text.slice(1) });
  const long = parseSignal({ app_id: 1, message: text });

  assert.deepEqual(whole, { ...signal, message: text.slice(1), isTruncated: false });
  assert.deepEqual(long, { ...signal, message: keptMessage(text).message, isTruncated: true });
});

Deno.test("parseSignal() never throws, whatever JSON holds", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    parseSignal(value);
    parseSignal({ app_id: 1, message: value, kind: value });
  }));
});

function sides(flip: Flip): string {
  return `${flip.from}>${flip.to}${isNews(flip) ? "!" : ""}`;
}

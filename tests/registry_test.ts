import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, deadline, register, upFrom } from "../lib/app.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { change, parseSettings, pause, resume, TAGS_LIMIT } from "../lib/registry.ts";
import { START } from "./support/fake_clock.ts";
import { DEFAULTS, SILENCE } from "./support/store.ts";

const NEW = register("23", { isIgnored: false });
const UP: App = {
  ...NEW,
  state: upFrom(START, DEFAULTS),
  lastHeartbeat: { at: START, message: null },
};

Deno.test("parseSettings() reads what is named, and nothing else", async (t) => {
  const cases: readonly (readonly [unknown, object])[] = [
    [{}, {}],
    [{ period: "5m" }, { period: 5 * MINUTE }],
    [{ grace: "1s", name: "Billing" }, { grace: SECOND, name: "Billing" }],
    [{ tags: ["prod", "eu:west", "prod"] }, { tags: ["prod", "eu:west"] }],
    [{ name: null, note: null, tags: null, period: null, grace: null }, {
      name: null,
      note: null,
      tags: [],
      period: null,
      grace: null,
    }],
    [{ name: "", note: "" }, { name: null, note: null }],
    [{ period: "365d", state: "up", app_id: 1 }, { period: 365 * DAY }],
    [JSON.parse('{"__proto__": {"period": "5m"}}'), {}],
  ];
  for (const [value, expected] of cases) {
    await t.step(JSON.stringify(value), () => assert.deepEqual(parseSettings(value), expected));
  }
});

Deno.test("parseSettings() names every field that is wrong, and what it should be", async (t) => {
  const many = Array.from({ length: TAGS_LIMIT + 1 }, (_, each) => String(each));
  const cases: readonly (readonly [unknown, readonly string[]])[] = [
    [null, [""]],
    [[], [""]],
    ["5m", [""]],
    [{ period: "0s" }, ["period"]],
    [{ period: "400d" }, ["period"]],
    [{ period: "5 parsecs" }, ["period"]],
    [{ period: 300 }, ["period"]],
    [{ grace: "" }, ["grace"]],
    [{ name: "x".repeat(101) }, ["name"]],
    [{ name: "a\nb" }, ["name"]],
    [{ name: 5, note: {}, tags: "a", period: 1, grace: [] }, [
      "name",
      "note",
      "tags",
      "period",
      "grace",
    ]],
    [{ tags: many }, ["tags"]],
    [{ tags: Array(10_000).fill("x") }, ["tags"]],
    [{ tags: ["a b"] }, ["tags"]],
    [{ tags: [1] }, ["tags"]],
  ];
  for (const [value, paths] of cases) {
    await t.step((JSON.stringify(value) ?? "").slice(0, 60), () => {
      const details = parseSettings(value);
      assert.ok(Array.isArray(details));
      assert.deepEqual(details.map(({ path }) => path), paths);
      for (const { message } of details) assert.ok(message.length < 250, message);
    });
  }
});

Deno.test("parseSettings() never throws, whatever JSON holds", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    parseSettings(value);
    parseSettings({ name: value, note: value, tags: value, period: value, grace: value });
  }));
});

Deno.test("a changed period moves the deadline, never to before the change", async (t) => {
  const now = START + 10 * SECOND;
  const cases = [
    ["longer", { period: HOUR }, START + HOUR + 30 * SECOND],
    ["shorter, and still ahead", { period: 20 * SECOND }, START + 50 * SECOND],
    ["shorter than the silence by now", { period: SECOND, grace: SECOND }, now],
    ["no period at all", { name: "Billing" }, START + SILENCE],
    ["the same as before", { period: null, grace: null }, START + SILENCE],
  ] as const;
  for (const [name, settings, expected] of cases) {
    await t.step(name, () => {
      const { app, flips } = change(UP, settings, { defaults: DEFAULTS, now });
      assert.deepEqual(flips, []);
      assert.equal(deadline(app), expected);
    });
  }
});

Deno.test("silence that has counted counts, whatever an admin does then", async (t) => {
  const now = START + SILENCE + SECOND;
  const hands = [
    ["a longer period", change(UP, { period: DAY }, { defaults: DEFAULTS, now }), "down", []],
    ["a pause", pause(UP, now), "paused", ["down>paused"]],
  ] as const;
  for (const [name, { app, flips }, state, more] of hands) {
    await t.step(name, () => {
      assert.equal(app.state.kind, state);
      assert.deepEqual(flips.map(({ from, to }) => `${from}>${to}`), ["up>down", ...more]);
      assert.equal(flips[0]?.at, START + SILENCE);
    });
  }
});

Deno.test("only a resume ends a pause, into new", () => {
  const paused = pause(UP, START + SECOND);
  const again = pause(paused.app, START + 2 * SECOND);
  const resumed = resume(paused.app, START + 3 * SECOND);
  const untouched = resume(UP, START + 3 * SECOND);

  assert.deepEqual(paused.flips.map(({ from, to, reason }) => [from, to, reason]), [
    ["up", "paused", "paused"],
  ]);
  assert.deepEqual(again, { app: paused.app, flips: [] });
  assert.deepEqual(resumed.app.state, { kind: "new" });
  assert.equal(resumed.flips[0]?.reason, "resumed");
  assert.deepEqual(untouched, { app: UP, flips: [] });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { DAY, HOUR, MINUTE, SECOND, WEEK } from "../lib/clock.ts";
import { parseWindow } from "../lib/maintenance_form.ts";
import { START } from "./support/fake_clock.ts";

const OPTIONS = { timeZone: "Europe/Moscow", now: START };
const DAILY = { kind: "daily", timeOfDay: 2.5 * HOUR, timeZone: "Europe/Moscow" };
const ALL = { kind: "all" };

Deno.test("parseWindow() reads whom a window is for, when it comes and how long it is", async (t) => {
  const at = Date.parse("2026-11-25T02:00Z");
  const cases: readonly (readonly [object, object, object, number, string | null])[] = [
    [
      { app_id: 23, daily: "02:30", for: "2h" },
      { kind: "app", appId: "23" },
      DAILY,
      2 * HOUR,
      null,
    ],
    [
      { tag: "eu:west", daily: "02:30", for: "1d" },
      { kind: "tag", tag: "eu:west" },
      DAILY,
      DAY,
      null,
    ],
    [{ all: true, daily: "02:30", for: "1s", note: "update" }, ALL, DAILY, SECOND, "update"],
    [
      { all: true, daily: "23:59", for: "2m", time_zone: "Asia/Kolkata" },
      ALL,
      { kind: "daily", timeOfDay: DAY - MINUTE, timeZone: "Asia/Kolkata" },
      2 * MINUTE,
      null,
    ],
    [
      { all: true, weekly: "Sun 02:30", for: "1w" },
      ALL,
      { ...DAILY, kind: "weekly", weekday: "sun" },
      WEEK,
      null,
    ],
    [
      { all: true, at: "2026-11-25T02:00:00Z", for: "365d" },
      ALL,
      { kind: "once", at },
      365 * DAY,
      null,
    ],
    [
      { all: true, at: "2026-11-25T05:00+03:00", for: "2h", time_zone: "Asia/Kolkata" },
      ALL,
      { kind: "once", at },
      2 * HOUR,
      null,
    ],
    [
      { all: true, at: "2026-11-24T07:20:49.001Z", for: "1s", note: "" },
      ALL,
      { kind: "once", at: START + 1 },
      SECOND,
      null,
    ],
    [
      { all: true, at: "2026-11-24T06:20:50Z", for: "1h" },
      ALL,
      { kind: "once", at: START - HOUR + SECOND },
      HOUR,
      null,
    ],
    [
      {
        id: 7,
        app_id: null,
        tag: null,
        all: true,
        at: null,
        daily: "02:30",
        for: "2h",
        note: null,
      },
      ALL,
      DAILY,
      2 * HOUR,
      null,
    ],
  ];
  for (const [value, scope, recurrence, length, note] of cases) {
    await t.step(JSON.stringify(value), () => {
      assert.deepEqual(parseWindow(value, OPTIONS), { scope, recurrence, length, note });
    });
  }
});

Deno.test("parseWindow() names every field that is wrong, and what it should be", async (t) => {
  const good = { all: true, daily: "02:30", for: "2h" };
  const onceGood = { all: true, at: "2026-11-25T02:00:00Z", for: "2h" };
  const cases: readonly (readonly [unknown, readonly (readonly [string, RegExp])[]])[] = [
    [null, [["", /^Expected an object like/]]],
    [[good], [["", /^Expected an object like/]]],
    [{}, [
      ["", /exactly one of app_id, tag, all, and found none/],
      ["", /exactly one of at, daily, weekly, and found none/],
      ["for", /how long it is/],
    ]],
    [{ ...good, tag: "a" }, [["all", /all cannot stand beside tag: expected exactly one/]]],
    [{ ...good, weekly: "sun 02:30" }, [["weekly", /weekly cannot stand beside daily/]]],
    [{ ...good, all: false }, [["all", /all cannot be false: expected true/]]],
    [{ ...good, all: null, app_id: "a b" }, [["app_id", /expected a whole number from 0/]]],
    [{ ...good, all: null, app_id: -1 }, [["app_id", /app_id cannot be -1/]]],
    [{ ...good, all: null, tag: "a b" }, [["tag", /a letter or digit, then/]]],
    [{ ...good, all: null, tag: 5 }, [["tag", /tag cannot be 5/]]],
    [{ ...good, daily: "24:00" }, [["daily", /from "00:00" to "23:59"/]]],
    [{ ...good, daily: "2:30" }, [["daily", /like "02:30"/]]],
    [{ ...good, daily: 230 }, [["daily", /daily cannot be 230/]]],
    [{ ...good, daily: null, weekly: "02:30" }, [["weekly", /like "sun 02:30"/]]],
    [{ ...good, daily: null, weekly: "sunday 02:30" }, [["weekly", /one of sun, mon/]]],
    [{ ...good, daily: null, weekly: "sun 02:30 " }, [["weekly", /like "sun 02:30"/]]],
    [{ ...good, daily: null, weekly: "sun 02:60" }, [["weekly", /like "sun 02:30"/]]],
    [{ ...onceGood, at: "2026-11-25T02:00:00" }, [["at", /an instant like/]]],
    [{ ...onceGood, at: "2026-11-25" }, [["at", /an instant like/]]],
    [{ ...onceGood, at: "2027-02-30T00:00:00Z" }, [["at", /an instant like/]]],
    [{ ...onceGood, at: "2027-02-28T24:00:00Z" }, [["at", /an instant like/]]],
    [{ ...onceGood, at: "2027-13-01T00:00:00Z" }, [["at", /an instant like/]]],
    [{ ...onceGood, at: "2027-01-01T00:00:61Z" }, [["at", /an instant like/]]],
    [{ ...onceGood, at: "2027-01-01T00:00:00+24:00" }, [["at", /an instant like/]]],
    [{ ...onceGood, at: START }, [["at", /an instant like/]]],
    [{ ...onceGood, at: "2026-11-24T06:20:49Z", for: "1h" }, [["at", /is over already/]]],
    [{ ...onceGood, for: "366d" }, [["for", /from 1s to 365d/]]],
    [{ ...good, for: "25h" }, [["for", /from 1s to 1d/]]],
    [{ ...good, daily: null, weekly: "sun 02:30", for: "8d" }, [["for", /from 1s to 1w/]]],
    [{ ...good, for: "0s" }, [["for", /for cannot be "0s"/]]],
    [{ ...good, for: 2 }, [["for", /a form like "90s"/]]],
    [{ ...good, for: null }, [["for", /how long it is/]]],
    [{ ...good, time_zone: "Mars/Olympus_Mons" }, [["time_zone", /like "Europe\/Moscow"/]]],
    [{ ...good, time_zone: "+03:00" }, [["time_zone", /like "Europe\/Moscow"/]]],
    [{ ...good, note: "x".repeat(4_097) }, [["note", /up to 4096 characters/]]],
    [{ ...good, note: 5 }, [["note", /note cannot be 5/]]],
    [JSON.parse('{"__proto__": {"all": true, "daily": "02:30", "for": "2h"}}'), [
      ["", /app_id/],
      ["", /at, daily/],
      ["for", /how long/],
    ]],
  ];
  for (const [value, expected] of cases) {
    await t.step(JSON.stringify(value).slice(0, 80), () => {
      const details = parseWindow(value, OPTIONS);
      assert.ok(Array.isArray(details));
      assert.deepEqual(details.map(({ path }) => path), expected.map(([path]) => path));
      for (const [index, [, message]] of expected.entries()) {
        assert.match(details[index].message, message);
        assert.ok(details[index].message.length < 250, details[index].message);
      }
    });
  }
});

Deno.test("parseWindow() never throws, whatever JSON holds", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, text) => {
    parseWindow(value, OPTIONS);
    for (const each of [value, text]) {
      const scope = { app_id: each, tag: each, all: each };
      const recurrence = { at: each, daily: each, weekly: each };
      parseWindow({ ...scope, ...recurrence, for: each, time_zone: each, note: each }, OPTIONS);
    }
  }));
});

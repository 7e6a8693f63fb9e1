import assert from "node:assert/strict";
import fc from "fast-check";
import { DAY, type Duration, HOUR, MINUTE, SECOND, WEEK } from "../lib/clock.ts";
import { durationText, parseDuration, spokenDuration } from "../lib/duration.ts";

Deno.test("a duration is read from a whole number and a unit", async (t) => {
  const table: readonly (readonly [string, Duration])[] = [
    ["0s", 0],
    ["90s", 90 * SECOND],
    ["5m", 5 * MINUTE],
    ["2h", 2 * HOUR],
    ["1d", DAY],
    ["1w", WEEK],
    ["007m", 7 * MINUTE],
    ["9007199254740s", 9_007_199_254_740_000],
  ];
  for (const [text, expected] of table) {
    await t.step(text, () => assert.equal(parseDuration(text), expected));
  }
});

Deno.test("anything else is no duration", async (t) => {
  const table = [
    "",
    "5",
    "m",
    "5 m",
    " 5m",
    "5m ",
    "5M",
    "-5m",
    "+5m",
    "1.5h",
    "1h30m",
    "5min",
    "5ms",
    "٥m",
    "5m\n",
    "1e3s",
    "9007199254741s",
    "999999999999999w",
    "1000000000000000s",
    "5 parsecs",
  ];
  for (const text of table) {
    await t.step(JSON.stringify(text), () => assert.equal(parseDuration(text), null));
  }
});

Deno.test("a duration is written in the largest unit that divides it", async (t) => {
  const table: readonly (readonly [Duration, string])[] = [
    [0, "0s"],
    [SECOND, "1s"],
    [MINUTE, "1m"],
    [90 * SECOND, "90s"],
    [HOUR, "1h"],
    [90 * MINUTE, "90m"],
    [DAY, "1d"],
    [36 * HOUR, "36h"],
    [WEEK, "1w"],
    [365 * DAY, "365d"],
    // Not whole seconds: the rest is dropped.
    [1_500, "1s"],
  ];
  for (const [duration, expected] of table) {
    await t.step(expected, () => assert.equal(durationText(duration), expected));
  }
});

Deno.test("a duration that was written is read back", () => {
  const seconds = fc.integer({ min: 0, max: 9_007_199_254_740 });
  fc.assert(fc.property(seconds, (count) => {
    assert.equal(parseDuration(durationText(count * SECOND)), count * SECOND);
  }));
});

Deno.test("a duration is spoken in two neighbouring units at most", async (t) => {
  const table: readonly (readonly [Duration, string, string])[] = [
    [0, "0 s", "0 с"],
    [-MINUTE, "0 s", "0 с"],
    [SECOND - 1, "0 s", "0 с"],
    [SECOND, "1 s", "1 с"],
    [MINUTE - 1, "59 s", "59 с"],
    [MINUTE, "1 min", "1 мин"],
    [95 * SECOND, "1 min 35 s", "1 мин 35 с"],
    [14 * MINUTE, "14 min", "14 мин"],
    [HOUR - 1, "59 min 59 s", "59 мин 59 с"],
    [HOUR, "1 h", "1 ч"],
    [HOUR + 59 * SECOND, "1 h", "1 ч"],
    [2 * HOUR + 10 * MINUTE, "2 h 10 min", "2 ч 10 мин"],
    [DAY - 1, "23 h 59 min", "23 ч 59 мин"],
    [DAY, "1 d", "1 дн."],
    [DAY + 59 * MINUTE, "1 d", "1 дн."],
    [3 * DAY + HOUR, "3 d 1 h", "3 дн. 1 ч"],
    [400 * DAY, "400 d", "400 дн."],
  ];
  for (const [duration, english, russian] of table) {
    await t.step(`${duration} ms is ${english}`, () => {
      assert.equal(spokenDuration(duration, "en"), english);
      assert.equal(spokenDuration(duration, "ru"), russian);
    });
  }
});

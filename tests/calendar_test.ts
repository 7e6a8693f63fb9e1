import assert from "node:assert/strict";
import { calendar } from "../lib/calendar.ts";
import type { Instant } from "../lib/clock.ts";

/** 24 November 2026, 12:00 in Moscow. */
const NOW = Date.UTC(2026, 10, 24, 9, 0);

Deno.test("an instant has a date beside its time unless it is of today, and a year unless of this one", async (t) => {
  const table: readonly (readonly [Instant, string, string])[] = [
    [NOW, "12:00", "12:00"],
    [Date.UTC(2026, 10, 23, 21, 0), "00:00", "00:00"],
    [Date.UTC(2026, 10, 23, 20, 59), "23 Nov, 23:59", "23 нояб., 23:59"],
    [Date.UTC(2026, 10, 24, 20, 59), "23:59", "23:59"],
    [Date.UTC(2026, 10, 24, 21, 0), "25 Nov, 00:00", "25 нояб., 00:00"],
    [Date.UTC(2025, 11, 31, 21, 0), "1 Jan, 00:00", "1 янв., 00:00"],
    [Date.UTC(2025, 11, 31, 20, 59), "31 Dec 2025, 23:59", "31 дек. 2025 г., 23:59"],
  ];
  for (const [at, english, russian] of table) {
    await t.step(english, () => {
      assert.equal(calendar("en", "Europe/Moscow", { now: NOW }).instant(at), english);
      assert.equal(calendar("ru", "Europe/Moscow", { now: NOW }).instant(at), russian);
    });
  }
});

Deno.test("an instant has its seconds where they are asked for", () => {
  const table: readonly (readonly [Instant, string])[] = [
    [NOW + 7_900, "12:00:07"],
    [Date.UTC(2026, 10, 23, 20, 59), "23 Nov, 23:59:00"],
  ];
  for (const [at, expected] of table) {
    const precise = calendar("en", "Europe/Moscow", { now: NOW, hasSeconds: true });
    assert.equal(precise.instant(at), expected);
  }
});

Deno.test("a zone is named with its distance from UTC at the time", async (t) => {
  const table: readonly (readonly [string, Instant, string])[] = [
    ["Europe/Moscow", NOW, "Europe/Moscow (GMT+3)"],
    ["Asia/Kolkata", NOW, "Asia/Kolkata (GMT+5:30)"],
    ["America/New_York", NOW, "America/New_York (GMT-5)"],
    ["America/New_York", Date.UTC(2026, 6, 1), "America/New_York (GMT-4)"],
    ["UTC", NOW, "UTC"],
  ];
  for (const [timeZone, now, expected] of table) {
    await t.step(expected, () => {
      assert.equal(calendar("en", timeZone, { now }).zone, expected);
    });
  }
});

Deno.test("a time zone that does not exist is refused", () => {
  assert.throws(() => calendar("en", "Mars/Olympus", { now: NOW }), RangeError);
});

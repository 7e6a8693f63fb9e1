import assert from "node:assert/strict";
import { zoneClock } from "../lib/local_time.ts";

/** A zone, what its clock is to show, when it first does, and what it shows then. */
const CASES: readonly (readonly [string, string, string, string])[] = [
  ["UTC", "2026-03-29T02:30", "2026-03-29T02:30Z", "2026-03-29T02:30"],
  ["Asia/Kolkata", "2026-03-29T02:30", "2026-03-28T21:00Z", "2026-03-29T02:30"],
  ["Asia/Kathmandu", "2026-03-29T00:00", "2026-03-28T18:15Z", "2026-03-29T00:00"],
  ["Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59Z", "2026-03-29T01:59"],
  ["Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00Z", "2026-03-29T03:00"],
  ["Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00Z", "2026-03-29T03:00"],
  ["Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00Z", "2026-03-29T03:00"],
  ["Europe/Berlin", "2026-10-25T02:00", "2026-10-25T00:00Z", "2026-10-25T02:00"],
  ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30Z", "2026-10-25T02:30"],
  ["Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00Z", "2026-10-25T03:00"],
  ["America/New_York", "2026-03-08T02:30", "2026-03-08T07:00Z", "2026-03-08T03:00"],
  ["America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z", "2026-11-01T01:30"],
  ["Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30Z", "2026-10-04T02:30"],
  ["Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45Z", "2026-04-05T01:45"],
  ["Pacific/Apia", "2011-12-29T23:59", "2011-12-30T09:59Z", "2011-12-29T23:59"],
  ["Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00Z", "2011-12-31T00:00"],
  ["Pacific/Apia", "2011-12-31T00:01", "2011-12-30T10:01Z", "2011-12-31T00:01"],
];

Deno.test("a clock shows a local time first, or leaves it out at once", async (t) => {
  for (const [zone, local, expected, shown] of CASES) {
    await t.step(`${zone} ${local}`, () => {
      const clock = zoneClock(zone);
      assert.ok(clock);

      const at = clock.firstAt(Date.parse(`${local}Z`));

      assert.equal(new Date(at).toISOString(), new Date(expected).toISOString());
      assert.equal(new Date(clock.localTime(at)).toISOString().slice(0, 16), shown);
    });
  }
});

Deno.test("zoneClock() keeps its word for more zones than it keeps clocks", () => {
  const zones = Intl.supportedValuesOf("timeZone");
  const noon = Date.UTC(2026, 6, 1, 12);

  const once = zones.map((zone) => zoneClock(zone)?.localTime(noon));
  const again = zones.map((zone) => zoneClock(zone)?.localTime(noon));

  assert.ok(zones.length > 200 && once.every((local) => local !== undefined));
  assert.deepEqual(again, once);
});

Deno.test("zoneClock() has no clock for a zone that there is not", () => {
  assert.equal(zoneClock("Mars/Olympus_Mons"), null);
  assert.equal(zoneClock("Mars/Olympus_Mons"), null);
});

import assert from "node:assert/strict";
import { HOUR, MINUTE } from "../lib/clock.ts";
import { cronSchedule } from "../worker.ts";

/** Every span that CHECK_EVERY can be, with its crontab line. */
const SCHEDULES: readonly (readonly [number, string])[] = [
  [MINUTE, "* * * * *"],
  ...[2, 3, 4, 5, 6, 10, 12, 15, 20, 30].map((n) => [n * MINUTE, `*/${n} * * * *`] as const),
  [HOUR, "0 * * * *"],
  ...[2, 3, 4, 6, 8, 12].map((n) => [n * HOUR, `0 */${n} * * *`] as const),
  [24 * HOUR, "0 0 * * *"],
];

Deno.test("the periodic check runs as often as CHECK_EVERY says", async (t) => {
  for (const [every, schedule] of SCHEDULES) {
    await t.step(`${every / MINUTE} min`, async () => {
      assert.equal(cronSchedule(every), schedule);

      // Deno takes it: it would throw for what it cannot read.
      const stop = new AbortController();
      const registered = Deno.cron("test", schedule, { signal: stop.signal }, () => {});
      stop.abort();
      await registered;
    });
  }
});
